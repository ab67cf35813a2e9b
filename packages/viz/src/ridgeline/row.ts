/** One row of a ridgeline. */
import type { Distribution } from '@normlab/core'
import { monotone, steps } from '../figure/curve.ts'
import { integer, meanStd, number, percent } from '../figure/format.ts'
import { BODY, halo, SMALL } from '../figure/frame.ts'
import { coordinate, line, tag, text, type Attributes } from '../figure/svg.ts'
import { fit, textWidth } from '../figure/text.ts'
import { toneColor, toneFill } from '../figure/tone.ts'
import { token } from '../tokens.ts'
import { sum, type Outline } from './density.ts'
import { shareBelow } from './domain.ts'
import type { Settings } from './options.ts'

/** Where things stand: pixels of the plot, and from densities to pixels. */
export interface Place {
  readonly left: number
  readonly right: number
  readonly x: (value: number) => number
  /** Highest that a row may rise above its baseline. */
  readonly rise: number
  readonly gutter: number
}

export interface Row {
  readonly row: Distribution
  readonly outline: Outline
  readonly baseline: number
  /** Pixels per unit of density. */
  readonly scale: number
}

/** Far outside the plot, but no further: a path must not overflow. */
const clampX = (x: number): number => Math.max(-5000, Math.min(9000, x))

/** From the baseline over the outline and back to the baseline: filled it is the area, stroked it is the line. */
export function pathOf({ outline, scale, baseline }: Row, place: Place): string {
  if (outline.points.length === 0) return ''
  const points = outline.points.map(
    ([x, density]) => [clampX(place.x(x)), baseline - Math.min(density * scale, place.rise)] as const,
  )
  const foot = (x: number): string => `${coordinate(x)},${coordinate(baseline)}`
  const body = outline.steps ? steps(points) : monotone(points)
  return `M${foot(points[0][0])}L${body}L${foot(points.at(-1)![0])}`
}

/** Area and outline of the path `${id}-${index}`. `ghost` is the row whose outline is repeated. */
export function drawShape(
  row: Row,
  index: number,
  settings: Settings,
  place: Place,
  id: string,
  ghost?: Row,
): string {
  const { baseline } = row
  const use = (attributes: Attributes): string => tag('use', attributes)
  const line1 = { 'stroke-width': '1.6', 'stroke-linejoin': 'round' }
  const own = { href: `#${id}-${index}` }
  let shape = ''
  if (row.outline.points.length)
    shape +=
      use({ ...own, fill: token('surface'), 'fill-opacity': '0.8' }) +
      use({ ...own, ...toneFill(id, settings.tone) })
  if (ghost?.outline.points.length)
    shape += use({ href: `#${id}-0`, y: baseline - ghost.baseline, fill: 'none', stroke: token('muted') })
  if (row.outline.points.length)
    shape += use({ ...own, fill: 'none', stroke: toneColor(settings.tone), ...line1 })
  return (
    line(place.left, baseline, place.right, baseline, { stroke: token('rule'), 'stroke-width': '0.8' }) +
    (shape && tag('g', { 'clip-path': `url(#${id}-clip)` }, shape))
  )
}

/** Columns for the bins that stand above all others. They are cut: the break and the number say so. */
export function drawSpikes(row: Row, settings: Settings, place: Place): string {
  const { baseline, outline } = row
  const color = toneColor(settings.tone)
  const taken: [number, number][] = []
  return outline.spikes
    .filter(({ at }) => at >= settings.domain[0] && at <= settings.domain[1])
    .map(({ at, share }) => {
      const x = Math.max(place.left + 2, Math.min(place.right - 2, place.x(at)))
      const top = baseline - Math.min(place.rise, settings.rowHeight - 13)
      const cut = top + (baseline - top) * 0.34
      const label = `${share === 1 ? 'all' : percent(share)} near ${number(at, 2)}`
      const room = textWidth(label, SMALL) + 8
      const left = x + room > place.right && x - room > place.left
      const span: [number, number] = left ? [x - room, x] : [x, x + room]
      const level = taken.filter(([from, to]) => from < span[1] && to > span[0]).length
      taken.push(span)
      const slash = (y: number): string =>
        `M${coordinate(x - 5)},${coordinate(y + 2)}L${coordinate(x + 5)},${coordinate(y - 2)}`
      return (
        line(x, baseline, x, top, { stroke: color, 'stroke-width': '4' }) +
        tag('path', { d: slash(cut), stroke: token('surface'), 'stroke-width': '4' }) +
        tag('path', { d: slash(cut - 2.5) + slash(cut + 2.5), stroke: color, 'stroke-width': '1' }) +
        text(left ? x - 6 : x + 6, top + 10 + 13 * level, label, {
          'font-size': String(SMALL),
          'text-anchor': left ? 'end' : undefined,
          ...halo,
        })
      )
    })
    .join('')
}

/** Mean, ± one standard deviation, label, numbers and notes: above every area, so that none of them is hidden. */
export function drawMarks(row: Row, settings: Settings, place: Place): string {
  const { row: data, baseline } = row
  const { summary } = data
  const label = settings.rowLabel?.(data) ?? `epoch ${data.epoch}`
  const strong = settings.highlight === data.epoch ? '700' : undefined
  const name = text(place.left - 8, baseline + 1, fit(label, BODY, place.left - 12), {
    'text-anchor': 'end',
    'font-weight': strong,
  })
  const moments = summary.count > 0 ? drawMoments(row, settings, place) : ''
  const { below, above, other } = notesOn(data, settings.domain)
  const small = { 'font-size': String(SMALL) }
  if (place.gutter === 0) {
    const right = [...other, ...(above ? [`${above} ›`] : [])].join(' · ')
    return (
      name +
      moments +
      (below && text(place.left + 2, baseline - 4, `‹ ${below}`, { ...small, ...halo })) +
      (right && text(place.right - 2, baseline - 4, right, { ...small, ...halo, 'text-anchor': 'end' }))
    )
  }
  const x = place.right + 10
  const std = Math.sqrt(Math.max(0, summary.variance))
  const numbers = summary.count > 0 ? meanStd(summary.mean, std) : ''
  const outside = below && above ? `‹ ${below}, ${above} ›` : below ? `‹ ${below}` : above && `${above} ›`
  const under = [...other, outside].filter(Boolean).map((note, i) =>
    text(x, baseline + (numbers ? 14 : 1) + 13 * i, fit(note, SMALL, place.gutter), {
      ...small,
      fill: token('muted'),
    }),
  )
  return (
    name +
    moments +
    (numbers && text(x, baseline + 1, numbers, { 'font-size': '12', 'font-weight': strong })) +
    under.join('')
  )
}

function drawMoments({ row, baseline }: Row, settings: Settings, place: Place): string {
  const color = toneColor(settings.tone)
  const inside = (x: number): number => Math.max(place.left, Math.min(place.right, x))
  const { mean, variance } = row.summary
  const std = Math.sqrt(Math.max(0, variance))
  const [from, to] = [inside(place.x(mean - std)), inside(place.x(mean + std))]
  const at = place.x(mean)
  const y = baseline + 5
  const bar = to > from ? line(from, y, to, y, { stroke: color, 'stroke-width': '3.5' }) : ''
  if (at >= place.left && at <= place.right)
    return bar + line(at, baseline - 1, at, baseline + 10, { stroke: token('ink'), 'stroke-width': '2' })
  const side = at < place.left ? -1 : 1
  const tip = side < 0 ? place.left - 3 : place.right + 3
  const d = `M${coordinate(tip)},${coordinate(y)}l${-side * 6},-4v8Z`
  return bar + tag('path', { d, fill: token('ink') })
}

/** Mass that the domain leaves out, and values that are no numbers. */
function notesOn({ histogram, summary }: Distribution, [min, max]: readonly [number, number]) {
  const { counts, outside, notFinite } = histogram
  const inBins = sum(counts)
  const other: string[] = []
  if (summary.count === 0) other.push(notFinite ? `all ${integer(notFinite)} not finite` : 'no value')
  else if (notFinite) other.push(`${integer(notFinite)} not finite`)
  if (outside > 0) other.push(`${percent(outside / (inBins + outside))} in no bin`)
  const width = (histogram.max - histogram.min) / counts.length
  // Mass is taken to be even within a bin. In a bin as wide as this it may stand on either side of the edge.
  if (width > (max - min) / 3)
    return { below: '', above: '', other: [...other, `bins ${number(width, 2)} wide`] }
  const share = (part: number): string => {
    const ofAll = inBins ? (part * inBins) / (inBins + outside) : 0
    return ofAll > 5e-4 ? percent(ofAll) : ''
  }
  return { below: share(shareBelow(histogram, min)), above: share(1 - shareBelow(histogram, max)), other }
}
