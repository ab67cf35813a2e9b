import type { DistributionRecord } from '@normlab/core'
import { frame, HEADING, paragraph, SMALL } from '../figure/frame.ts'
import { line, tag, text } from '../figure/svg.ts'
import { textWidth } from '../figure/text.ts'
import { toneColor, toneDefs, toneFill, toneName } from '../figure/tone.ts'
import { xAxis, xAxisHeight } from '../figure/xAxis.ts'
import { token } from '../tokens.ts'
import { captionOf, quantityOf, sideName } from './caption.ts'
import { outlineOf } from './density.ts'
import { settingsOf, type RidgelineOptions, type Settings } from './options.ts'
import { drawMarks, drawShape, drawSpikes, pathOf, type Place, type Row } from './row.ts'

const PAD = 12

/**
 * How a distribution moves over training: one row an epoch, the first on top.
 *
 * Pure: the same SVG string in Node and in every browser. Heights are shares of the finite values per unit of x.
 * @param record what a recorder wrote; JSON as it is.
 * @throws NormlabError naming the option that is wrong, or that is needed because the record holds several.
 */
export function ridgeline(record: DistributionRecord, options: RidgelineOptions = {}): string {
  const settings = settingsOf(record, options)
  const { width, rows, tone, rowHeight, overlap } = settings
  const quantity = rows.length ? quantityOf(rows[0]) : 'distribution'
  const title = settings.title ?? `${capital(quantity)}${tone ? `, ${toneName(tone)}` : ''}`
  const caption = captionOf(settings)
  const rise = Math.round(rowHeight * (1 + overlap)) - 8
  const inner = width - 2 * PAD

  const head = settings.title
    ? paragraph(PAD, 8, inner, settings.title, { size: HEADING, weight: '600' })
    : null
  let y = (head ? head.height + 12 : 8) + (tone ? 22 : 0)
  const keyY = y - 8

  const gutter = width >= 520 && rows.length ? 104 : 0
  const labels = rows.map((row) => settings.rowLabel?.(row) ?? `epoch ${row.epoch}`)
  const labelWidth = Math.max(24, ...labels.map((label) => textWidth(label, 13.5)))
  const left = Math.round(Math.min(PAD + labelWidth + 8, width * 0.34))
  const right = width - PAD - gutter
  const [low, high] = settings.domain
  const x = (value: number): number => left + ((value - low) / (high - low)) * (right - left)
  const place: Place = { left, right, x: (v) => Math.max(-1e6, Math.min(1e6, x(v))), rise, gutter }

  const top = y
  const label = settings.xLabel ?? (rows.length ? `${sideName(rows[0])} (dimensionless)` : '')
  const shapes = layRows(settings, top + rise + 6, rise)
  const bottom = (shapes.at(-1)?.baseline ?? top + 40) + 12
  y = bottom + xAxisHeight(label, width) + 6
  const said = settings.caption === true ? caption : settings.caption || null
  const below = said ? paragraph(PAD, y, inner, said) : null
  y += below ? below.height + 4 : 0
  const note =
    settings.note === false || rows.length === 0
      ? null
      : paragraph(PAD, y, inner, noteOf(settings, shapes), { size: SMALL, color: token('muted') })
  y += note ? note.height : 0

  const paths = (id: string): string =>
    shapes.map((row, i) => tag('path', { id: `${id}-${i}`, d: pathOf(row, place) || undefined })).join('')
  const body = (id: string): string => {
    const first = settings.ghost === false ? undefined : shapes[0]
    const clip = tag(
      'clipPath',
      { id: `${id}-clip` },
      tag('rect', { x: left, y: 0, width: right - left, height: y }),
    )
    return (
      tag('defs', {}, clip + toneDefs(id, tone) + paths(id)) +
      (head?.markup ?? '') +
      (tone ? key(id, keyY, tone) : '') +
      xAxis({ domain: settings.domain, x: place.x, left, right, top, bottom, label, width }) +
      (rows.length
        ? ''
        : text((left + right) / 2, top + 30, 'nothing recorded', {
            'text-anchor': 'middle',
            fill: token('muted'),
          })) +
      (gutter
        ? text(right + 10, shapes[0].baseline - 16, 'mean ± std', {
            'font-size': String(SMALL),
            fill: token('muted'),
          })
        : '') +
      shapes
        .map((row, i) =>
          tag(
            'g',
            { 'data-epoch': String(row.row.epoch), 'data-index': String(i) },
            band(row, settings, rowHeight) +
              drawShape(row, i, settings, place, id, i > 0 ? first : undefined) +
              drawSpikes(row, settings, place),
          ),
        )
        .join('') +
      shapes.map((row) => drawMarks(row, settings, place)).join('') +
      (below?.markup ?? '') +
      (note?.markup ?? '')
    )
  }
  return frame({ id: settings.id, width, height: y + 6, title, description: caption, body })
}

/** Baselines and scales. Equal areas, unless that would flatten a row to less than a fifth of the highest. */
function layRows(settings: Settings, firstBaseline: number, rise: number): Row[] {
  const outlines = settings.rows.map((row) => outlineOf(row, settings.smooth !== false))
  const peaks = outlines.map((outline) => outline.peak).filter((peak) => peak > 0)
  const highest = Math.max(0, ...peaks)
  const equal = (settings.heights ?? (highest > 5 * Math.min(...peaks) ? 'peak' : 'area')) === 'area'
  return settings.rows.map((row, i) => {
    const peak = equal ? highest : outlines[i].peak
    const scale = peak > 0 ? rise / peak : 0
    const baseline = firstBaseline + i * settings.rowHeight
    return { row, outline: outlines[i], baseline, scale: Number.isFinite(scale) ? scale : 0 }
  })
}

/** Takes the pointer for the whole row, and shows which one is set off. */
function band({ row, baseline }: Row, settings: Settings, rowHeight: number): string {
  const lit = settings.highlight === row.epoch
  return tag('rect', {
    x: 2,
    y: baseline - rowHeight + 14,
    width: settings.width - 4,
    height: rowHeight,
    fill: lit ? token('raised') : token('surface'),
    'fill-opacity': lit ? '1' : '0',
    rx: 4,
  })
}

function key(id: string, y: number, tone: 'without' | 'with'): string {
  return (
    tag('rect', { x: PAD, y: y - 11, width: 22, height: 12, ...toneFill(id, tone) }) +
    line(PAD, y - 11, PAD + 22, y - 11, { stroke: toneColor(tone), 'stroke-width': '2' }) +
    text(PAD + 29, y, toneName(tone), { fill: toneColor(tone), 'font-weight': '600' })
  )
}

function noteOf(settings: Settings, shapes: readonly Row[]): string {
  const scales = new Set(shapes.filter((row) => row.scale > 0).map((row) => row.scale))
  const marks = ['Tick: mean', 'bar: ± 1 standard deviation']
  if (settings.ghost !== false && shapes.length > 1) marks.push(`grey outline: epoch ${shapes[0].row.epoch}`)
  const heights = scales.size > 1 ? 'Each row has its own height scale' : 'Equal areas'
  const curves = shapes.some((row) => !row.outline.steps)
  const shape = curves
    ? 'histogram lightly smoothed (bins averaged with their neighbours, 1 2 1)'
    : 'histogram, not smoothed'
  const cut = shapes.some((row) => row.outline.spikes.length) ? ' Columns with a break are cut.' : ''
  const skipped = settings.recorded - shapes.length
  const left = skipped ? ` ${skipped} of ${settings.recorded} recorded epochs are not drawn.` : ''
  return `${marks.join(', ')}. ${heights}; ${shape}.${cut}${left}`
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
