/** The same values on several scales, each on an axis that stays: how much room is left for most of them. */
import { histogramOf, NormlabError } from '@normlab/core'
import { list, number, percent } from '../figure/format.ts'
import {
  BODY,
  checkedNumber,
  checkedWidth,
  frame,
  HEADING,
  nothing,
  paragraph,
  SMALL,
  type FrameOptions,
} from '../figure/frame.ts'
import { isRange } from '../figure/range.ts'
import { show } from '../figure/show.ts'
import { coordinate, line, tag, text } from '../figure/svg.ts'
import { textWidth } from '../figure/text.ts'
import { token } from '../tokens.ts'
import { barsPath } from './bars.ts'
import { fewTicks } from './fewTicks.ts'

export interface Strip {
  readonly name: string
  readonly values: ArrayLike<number>
  /** The axis. It does not follow the values: what lies outside is counted, and marked at the edge. */
  readonly domain: readonly [number, number]
  /** Place of a value that is set off. Default: none. */
  readonly mark?: number
}

export interface StripGroup {
  readonly name: string
  readonly strips: readonly Strip[]
}

export interface StripsOptions extends FrameOptions {
  /** The share of the values, around the median, that is measured. Default 0.9. */
  share?: number
  /** A sentence below. */
  caption?: string
}

const PAD = 12
const GAP = 24
const LEAST = 176
const BARS = 34
const BINS = 56
const MOST = 6

/**
 * From where to where the middle `share` of the values goes. Values that are not finite are left out.
 * @throws NormlabError naming `share`.
 */
export function middleOf(
  values: ArrayLike<number>,
  share = 0.9,
): { low: number; high: number; count: number } {
  checkedNumber('share', share, 0, 1)
  const sorted = Float64Array.from(values).filter(Number.isFinite).toSorted()
  const at = (place: number): number => {
    const i = place * (sorted.length - 1)
    const below = sorted[Math.floor(i)]
    const rest = i - Math.floor(i)
    return rest ? below * (1 - rest) + sorted[Math.ceil(i)] * rest : below
  }
  return sorted.length
    ? { low: at((1 - share) / 2), high: at((1 + share) / 2), count: sorted.length }
    : { low: NaN, high: NaN, count: 0 }
}

/**
 * One column a group, one histogram a strip: below it a bar over the middle share of the values, and a diamond at the value
 * that is set off, or an arrow where it is outside.
 * @throws NormlabError naming `groups`, or the option.
 */
export function strips(groups: readonly StripGroup[], options: StripsOptions = {}): string {
  check(groups)
  const width = checkedWidth(options.width)
  const share = checkedNumber('share', options.share ?? 0.9, 0, 1)
  const room = width - 2 * PAD
  const columns = Math.max(
    1,
    Math.min(groups.length, Math.floor((room + GAP) / (Math.min(LEAST, room) + GAP))),
  )
  const pitch = (room + GAP) / columns
  const inner = pitch - GAP
  const head = options.title ? paragraph(PAD, 8, room, options.title, { size: HEADING, weight: '600' }) : null
  let y = head ? head.height + 16 : 8
  let body = head?.markup ?? ''
  for (let from = 0; from < groups.length; from += columns) {
    const row = groups.slice(from, from + columns)
    const names = row.map(({ name }, i) =>
      paragraph(PAD + pitch * i, y, inner, name, { size: BODY, weight: '600' }),
    )
    body += names.map(({ markup }) => markup).join('')
    const top = y + Math.max(...names.map(({ height }) => height)) + 8
    const bottoms = row.map((group, i) => {
      let at = top
      for (const strip of group.strips) {
        const drawn = drawStrip(strip, { x: PAD + pitch * i, y: at, width: inner, share })
        body += drawn.markup
        at += drawn.height + 12
      }
      return at
    })
    y = Math.max(...bottoms) + 8
  }
  if (!groups.length) {
    body += nothing(PAD, y + 12, 'no values')
    y += 24
  }
  const caption = options.caption ? paragraph(PAD, y - 4, room, options.caption) : null
  return frame({
    id: options.id,
    width,
    height: y + (caption?.height ?? 0),
    title: options.title ?? `Where the middle ${percent(share)} of the values lie`,
    description: groups.length
      ? groups
          .map(
            (group) =>
              `${group.name}: ${list(group.strips.map((one) => `${one.name}, ${wordsOf(one, share)}`))}.`,
          )
          .join(' ')
      : 'No values.',
    body: () => body + (caption?.markup ?? ''),
  })
}

function wordsOf({ values, domain, mark }: Strip, share: number): string {
  const { low, high, count } = middleOf(values, share)
  if (!count) return 'no value'
  let outside = 0
  for (let i = 0; i < values.length; i++)
    if (i !== mark && Number.isFinite(values[i]) && (values[i] < domain[0] || values[i] > domain[1]))
      outside++
  const lost = values.length - count
  return (
    `middle ${percent(share)} from ${number(low, 2)} to ${number(high, 2)}` +
    (mark === undefined ? '' : `; ◆ at ${number(values[mark])}`) +
    (outside ? `; ${outside} more outside` : '') +
    (lost ? `; ${lost} not finite left out` : '')
  )
}

function drawStrip(
  strip: Strip,
  { x: left, y, width, share }: { x: number; y: number; width: number; share: number },
): { markup: string; height: number } {
  const { values, domain, mark } = strip
  const right = left + width
  const name = paragraph(left, y, width, strip.name, { size: SMALL })
  const base = y + name.height + 6 + BARS
  const place = (value: number): number => (value / 2 - domain[0] / 2) / (domain[1] / 2 - domain[0] / 2)
  const x = (value: number): number => left + Math.max(0, Math.min(1, place(value))) * width
  const { counts } = histogramOf(values, { bins: BINS, min: domain[0], max: domain[1] })
  const bars = barsPath(counts, { left, width, base, height: BARS, least: 1 })
  const { low, high, count } = middleOf(values, share)
  const { at, labels } = fewTicks(domain[0], domain[1], width)
  const words = paragraph(left, base + 26, width, `${wordsOf(strip, share)}.`, {
    size: SMALL,
    color: token('muted'),
  })
  const set = mark === undefined ? NaN : values[mark]
  const markup =
    name.markup +
    line(left, base, right, base, { stroke: token('rule') }) +
    (bars && tag('path', { d: bars, fill: token('muted'), 'fill-opacity': '0.55' })) +
    (count && high >= domain[0] && low <= domain[1]
      ? tag('rect', {
          x: x(low),
          y: base + 2,
          // A bar of no width would not show.
          width: Math.max(2, x(high) - x(low)),
          height: 5,
          fill: token('axis-n'),
        })
      : '') +
    (Number.isFinite(set)
      ? pointer(x(set), base - 6, Math.sign(place(set) - Math.max(0, Math.min(1, place(set)))))
      : '') +
    at
      .map((value, i) => {
        const half = textWidth(labels[i], SMALL) / 2
        return (
          line(x(value), base, x(value), base + 10, { stroke: token('rule') }) +
          text(Math.max(left + half, Math.min(right - half, x(value))), base + 22, labels[i], {
            'font-size': String(SMALL),
            'text-anchor': 'middle',
            fill: token('muted'),
          })
        )
      })
      .join('') +
    words.markup
  return { markup, height: base + 26 + words.height - y }
}

/** A diamond; at an edge an arrow, to where the value is. */
function pointer(x: number, y: number, side: number): string {
  const [px, py] = [coordinate(x), coordinate(y)]
  const d =
    side > 0
      ? `M${px},${py}l-9,-5v10Z`
      : side < 0
        ? `M${px},${py}l9,-5v10Z`
        : `M${px},${py}m0,-5l5,5l-5,5l-5,-5Z`
  return tag('path', { d, fill: token('axis-c'), stroke: token('surface'), 'stroke-width': '0.8' })
}

function check(groups: readonly StripGroup[]): void {
  if (!Array.isArray(groups) || groups.length > MOST)
    throw new NormlabError('groups', show(groups), `Give a list of at most ${MOST} { name, strips }`)
  for (const [g, group] of groups.entries()) {
    if (typeof group?.name !== 'string' || !Array.isArray(group.strips) || group.strips.length > MOST)
      throw new NormlabError(`groups[${g}]`, show(group), `Give { name, strips }, at most ${MOST} strips`)
    for (const [i, strip] of group.strips.entries()) {
      const where = `groups[${g}].strips[${i}]`
      if (typeof strip?.name !== 'string' || !(strip.values?.length >= 0))
        throw new NormlabError(where, show(strip), 'Give { name, values, domain }')
      if (!(Array.isArray(strip.domain) && isRange(strip.domain[0], strip.domain[1])))
        throw new NormlabError(
          `${where}.domain`,
          show(strip.domain),
          'Give [min, max], finite, min below max',
        )
      if (strip.mark !== undefined && strip.values[strip.mark] === undefined)
        throw new NormlabError(`${where}.mark`, show(strip.mark), `Give a place below ${strip.values.length}`)
    }
  }
}
