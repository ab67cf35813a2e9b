import { NormlabError } from '@normlab/core'
import {
  checkedNumber,
  checkedWidth,
  choice,
  frame,
  HEADING,
  paragraph,
  SMALL,
  BODY,
  type FrameOptions,
} from '../figure/frame.ts'
import { isRange } from '../figure/range.ts'
import { show } from '../figure/show.ts'
import { tag, text } from '../figure/svg.ts'
import { BOLD, fit, textWidth } from '../figure/text.ts'
import { toneColor, toneDefs, toneFill, toneName, type Tone } from '../figure/tone.ts'
import { token } from '../tokens.ts'
import { findingOf, moversOf, rhoText, type Moving } from './movers.ts'
import { drawLines, drawSide, type SlopePlace } from './slopes.ts'
import { labelsWidth, scaleOf, yAxis } from './yAxis.ts'

/** One example at two moments. */
export interface Mover {
  readonly id: string | number
  readonly label?: string
  readonly from: number
  readonly to: number
  /** 1 sets the example off, 0 leaves it in grey. Default: the highest quarter at the first moment is set off. */
  readonly group?: number
}

export interface RankShiftOptions extends FrameOptions {
  /** Names of the two moments. Default `before` and `after`. */
  from?: string
  to?: string
  tone?: Tone
  /** Values, so that shapes compare as well; or ranks. Default values. */
  scale?: 'value' | 'rank'
  /** Quantity and unit of the values. Default `pre-activation (dimensionless)`. */
  yLabel?: string
  /** What the examples that are set off are. Default `highest quarter at` and the first moment. */
  groupLabel?: string
  /** Height of the plot in px, 100 to 1000. Default 280. */
  height?: number
  /** Range of the values; pairs that are compared share one. */
  domain?: readonly [number, number]
  /** Most lines drawn, evenly spread over the ranks, 10 to 2000. Default 160. The histograms hold all. */
  mostLines?: number
  /** Draws the finding below. Default true. */
  caption?: boolean
}

const PAD = 12

/**
 * The same examples at two moments: a line from each one's place at the first to its place at the second, between the
 * two distributions. Where the histograms agree and the lines cross, the shape is stable and the ranks move.
 * Prints Spearman's rho over all points with two finite values.
 * @throws NormlabError naming `points`, or the option.
 */
export function rankShift(points: readonly Mover[], options: RankShiftOptions = {}): string {
  choice('tone', options.tone, ['without', 'with'])
  choice('scale', options.scale, ['value', 'rank'])
  const width = checkedWidth(options.width)
  const plotHeight = checkedNumber('height', options.height ?? 280, 100, 1000)
  const most = checkedNumber('mostLines', options.mostLines ?? 160, 10, 2000)
  const { from = 'before', to = 'after', tone } = options
  const moving = moversOf(points, options.scale === 'rank')
  const scale = scaleOf(...rangeOf(moving, options.domain), false, Math.max(3, Math.round(plotHeight / 45)))
  const inner = width - 2 * PAD

  const head = options.title
    ? paragraph(PAD, 8, inner, options.title, { size: HEADING, weight: '600' })
    : null
  let y = (head ? head.height + 12 : 6) + 18
  const keyY = y
  if (tone) y += 22
  const yLabel =
    options.scale === 'rank' ? 'rank (1 is lowest)' : (options.yLabel ?? 'pre-activation (dimensionless)')
  const labelY = y
  const rank = options.scale === 'rank'
  const side = rank ? 14 : Math.round(Math.max(38, Math.min(96, width * 0.17)))
  const rho = rhoText(moving)
  const names = [from, to].map((name) => textWidth(name, BODY * BOLD))
  const apart = width - 2 * PAD - 60 < textWidth(rho, BODY) + 2 * Math.max(...names)
  const top = y + (apart ? 58 : 40)
  const bottom = top + plotHeight
  const left = PAD + labelsWidth(scale) + 8
  const place: SlopePlace = {
    a: left + side,
    b: width - PAD - side,
    side,
    top,
    bottom,
    y: (value) => bottom - Math.max(-0.02, Math.min(1.02, scale.at(value))) * plotHeight,
    domain: scale.domain,
  }
  const finding = findingOf(moving, from, to, options)
  let below = bottom + 14
  const groupLabel = `Coloured: ${options.groupLabel ?? `the highest quarter at ${from}`}.`
  const drawnLines = Math.min(Math.floor(most), moving.kept.length)
  const fewer = drawnLines < moving.kept.length ? ` ${drawnLines} of ${moving.kept.length} lines drawn.` : ''
  const left0 = moving.dropped ? ` ${moving.dropped} left out: not finite.` : ''
  const note = paragraph(PAD, below, inner, groupLabel + fewer + left0, {
    size: SMALL,
    color: token('muted'),
  })
  below += note.height + 4
  const caption = options.caption === false ? null : paragraph(PAD, below, inner, finding)
  below += caption ? caption.height : 0
  const half = (width - 2 * PAD) / 2 - 6
  /** A name that does not fit outside its axis stands between the two. */
  const inside = (name: number, outside: number): number =>
    rank || name <= outside - 4 ? half : (place.b - place.a) / 2 - 8

  return frame({
    id: options.id,
    width,
    height: below + 8,
    title: options.title ?? `The same examples at ${from} and at ${to}`,
    description: finding,
    body: (id) =>
      tag('defs', {}, toneDefs(id, tone)) +
      (head?.markup ?? '') +
      (tone ? key(id, keyY, tone) : '') +
      text(PAD, labelY, fit(yLabel, BODY, inner)) +
      yAxis(scale, place.y, left, width - PAD) +
      (options.scale === 'rank'
        ? ''
        : drawSide(moving, 'from', place, id, tone) + drawSide(moving, 'to', place, id, tone)) +
      drawLines(moving, place, tone, drawnLines) +
      text(rank ? PAD : place.a + 4, top - 10, fit(from, BODY * BOLD, inside(names[0], place.a)), {
        'text-anchor': rank || names[0] > place.a - 4 ? 'start' : 'end',
        'font-weight': '600',
      }) +
      text(
        rank ? width - PAD : place.b - 4,
        top - 10,
        fit(to, BODY * BOLD, inside(names[1], width - place.b)),
        {
          'text-anchor': rank || names[1] > width - place.b - 4 ? 'end' : 'start',
          'font-weight': '600',
        },
      ) +
      text((place.a + place.b) / 2, apart ? top - 28 : top - 10, rho, { 'text-anchor': 'middle' }) +
      note.markup +
      (caption?.markup ?? ''),
  })
}

function rangeOf({ kept }: Moving, given?: readonly [number, number]): [number, number] {
  if (given) {
    if (!(Array.isArray(given) && isRange(given[0], given[1])))
      throw new NormlabError('domain', show(given), 'Give [min, max], finite, min below max')
    return [given[0], given[1]]
  }
  if (kept.length === 0) return [0, 1]
  let [low, high] = [Infinity, -Infinity]
  for (const { from, to } of kept) {
    low = Math.min(low, from, to)
    high = Math.max(high, from, to)
  }
  return [low, high]
}

function key(id: string, y: number, tone: Tone): string {
  return (
    tag('rect', { x: PAD, y: y - 11, width: 22, height: 12, ...toneFill(id, tone) }) +
    text(PAD + 29, y, toneName(tone), { fill: toneColor(tone), 'font-weight': '600' })
  )
}
