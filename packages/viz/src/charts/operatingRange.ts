/** Where pre-activations lie under an activation function: on its bend, on its straight part, or where it is flat. */
import { histogramOf, NormlabError } from '@normlab/core'
import { list, number, percent } from '../figure/format.ts'
import {
  BODY,
  checkedNumber,
  checkedWidth,
  choice,
  frame,
  HEADING,
  nothing,
  paragraph,
  SMALL,
  type FrameOptions,
} from '../figure/frame.ts'
import { isRange, padded } from '../figure/range.ts'
import { show } from '../figure/show.ts'
import { line, tag, text } from '../figure/svg.ts'
import { BOLD, fit } from '../figure/text.ts'
import { toneColor, toneDefs, toneFill, type Tone } from '../figure/tone.ts'
import { xAxis, xAxisHeight } from '../figure/xAxis.ts'
import { token } from '../tokens.ts'
import { activations, operatingFacts, type Activation } from './activations.ts'
import { barsPath } from './bars.ts'
import { pathOf } from './curves.ts'
import { labelsWidth, scaleOf, yAxis } from './yAxis.ts'

export interface OperatingGroup {
  readonly name: string
  readonly tone?: Tone
  /** Pre-activations. */
  readonly values: ArrayLike<number>
}

export interface OperatingOptions extends FrameOptions {
  /** Default sigmoid. */
  activation?: Activation
  /** Range of the pre-activations. Default: at least −6 to 6, and 99% of each group. */
  domain?: readonly [number, number]
  /** Height of the function's plot in px, 60 to 1000. Default 150. */
  height?: number
  /** Default `pre-activation (dimensionless)`. */
  xLabel?: string
}

const PAD = 12
const STRIP = 44
const BINS = 60
const MOST = 4

/**
 * The function, and on it the middle nine tenths of each group; below, each group's histogram and what it meets: the
 * average slope, the share where the function is flat, how much of it a straight line explains.
 * @throws NormlabError naming `groups`, or the option.
 */
export function operatingRange(groups: readonly OperatingGroup[], options: OperatingOptions = {}): string {
  check(groups)
  const activation = options.activation ?? 'sigmoid'
  choice('activation', activation, Object.keys(activations))
  const width = checkedWidth(options.width)
  const plotHeight = checkedNumber('height', options.height ?? 150, 60, 1000)
  const { value } = activations[activation]
  const sorted = groups.map(({ values }) => Float64Array.from(values).filter(Number.isFinite).toSorted())
  const facts = groups.map(({ values }) => operatingFacts(values, activation))
  const domain = domainOf(sorted, options.domain)
  const inner = width - 2 * PAD
  const head = options.title
    ? paragraph(PAD, 8, inner, options.title, { size: HEADING, weight: '600' })
    : null
  const top = (head ? head.height + 12 : 8) + 24
  const bottom = top + plotHeight
  const scale = scaleOf(value(domain[0]), value(domain[1]), false, 3)
  const left = PAD + labelsWidth(scale) + 8
  const right = width - PAD - 6
  const x = (z: number): number =>
    left +
    Math.max(0, Math.min(1, (z / 2 - domain[0] / 2) / (domain[1] / 2 - domain[0] / 2))) * (right - left)
  const y = (a: number): number => bottom - Math.max(0, Math.min(1, scale.at(a))) * plotHeight
  const curve = (from: number, to: number): string => {
    const points = Array.from({ length: 81 }, (_, i) => from + (to / 80 - from / 80) * i)
    return pathOf(
      points.map((z) => [z, value(z)] as const),
      x,
      y,
    )
  }
  const words = facts.map((fact, i) => {
    if (fact.count === 0) return 'no value'
    const out = groups[i].values.length - fact.count
    return `mean slope ${percent(fact.slope)} of the steepest, flat for ${percent(fact.flat)}, a line explains ${percent(fact.linear)}${out ? `; ${out} not finite left out` : ''}`
  })
  let below = bottom + 14
  const strips = groups.map(({ name }, i) => {
    const note = paragraph(PAD, below + 20, inner, words[i], { size: SMALL, color: token('muted') })
    const place = { name, y: below, base: below + 22 + note.height + STRIP, note: note.markup }
    below = place.base + 12
    return place
  })
  const xLabel = options.xLabel ?? 'pre-activation (dimensionless)'
  const end = below - 6

  const strip = (id: string, i: number): string => {
    const { tone } = groups[i]
    const { counts } = histogramOf(sorted[i], { bins: BINS, min: domain[0], max: domain[1] })
    const d = barsPath(counts, { left, width: right - left, base: strips[i].base, height: STRIP - 4 })
    return (
      (tone ? tag('defs', {}, toneDefs(`${id}-${i}`, tone)) : '') +
      text(PAD, strips[i].y + 15, fit(strips[i].name, BODY * BOLD, inner), {
        'font-weight': '600',
        fill: tone ? toneColor(tone) : token('ink'),
      }) +
      strips[i].note +
      line(left, strips[i].base, right, strips[i].base, { stroke: token('rule') }) +
      (d &&
        tag('path', { d, ...toneFill(`${id}-${i}`, tone), stroke: toneColor(tone), 'stroke-width': '0.7' }))
    )
  }
  /** Nested strokes, the first the widest: told apart without colour, and by the strip below. */
  const span = (i: number): string => {
    if (!sorted[i].length) return ''
    const [low, high] = [0.05, 0.95].map((share) => quantile(sorted[i], share))
    return tag('path', {
      d: curve(low, high),
      fill: 'none',
      stroke: toneColor(groups[i].tone),
      'stroke-width': String(Math.max(3, 13 - 8 * i)),
      'stroke-opacity': i === 0 && groups.length > 1 ? '0.45' : '0.9',
    })
  }
  return frame({
    id: options.id,
    width,
    height: end + xAxisHeight(xLabel, width) + 8,
    title: options.title ?? `What part of the ${activation} is used`,
    description: groups.length
      ? `${list(groups.map(({ name }, i) => `${name}: ${range(sorted[i])}${words[i]}`))}.`
      : 'No values.',
    body: (id) =>
      (head?.markup ?? '') +
      text(PAD, top - 10, fit(`${activation === 'relu' ? 'ReLU' : activation}(z)`, BODY, inner)) +
      yAxis(scale, y, left, right) +
      xAxis({ domain, x, left, right, top, bottom: end, label: xLabel, width }) +
      (groups.length ? '' : nothing(left + 8, top + 14, 'no values')) +
      groups.map((_, i) => span(i)).join('') +
      tag('path', {
        d: curve(domain[0], domain[1]),
        fill: 'none',
        stroke: token('ink'),
        'stroke-width': '1.6',
      }) +
      groups.map((_, i) => strip(id, i)).join(''),
  })
}

const range = (sorted: Float64Array): string =>
  sorted.length
    ? `nine tenths between ${number(quantile(sorted, 0.05))} and ${number(quantile(sorted, 0.95))}, `
    : ''

const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]

function domainOf(
  sorted: readonly Float64Array[],
  given?: readonly [number, number],
): readonly [number, number] {
  if (given) {
    if (!(Array.isArray(given) && isRange(given[0], given[1])))
      throw new NormlabError('domain', show(given), 'Give [min, max], finite, min below max')
    return given
  }
  let [low, high] = [-6, 6]
  for (const each of sorted)
    if (each.length)
      [low, high] = [Math.min(low, quantile(each, 0.005)), Math.max(high, quantile(each, 0.995))]
  return padded(low, high)
}

function check(groups: readonly OperatingGroup[]): void {
  if (!Array.isArray(groups) || groups.length > MOST)
    throw new NormlabError('groups', show(groups), `Give a list of at most ${MOST} { name, values }`)
  for (const [i, group] of groups.entries()) {
    if (typeof group?.name !== 'string' || !(group.values?.length >= 0))
      throw new NormlabError(`groups[${i}]`, show(group), 'Give { name, tone, values }')
    choice(`groups[${i}].tone`, group.tone, ['without', 'with'])
  }
}
