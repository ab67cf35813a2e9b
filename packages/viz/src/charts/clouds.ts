/** Points in the plane, and the ellipse of their covariance: what centering, scaling and whitening do to a cloud. */
import { NormlabError } from '@normlab/core'
import { list, number } from '../figure/format.ts'
import { BODY, checkedNumber, checkedWidth, choice, halo, type FrameOptions } from '../figure/frame.ts'
import { padded } from '../figure/range.ts'
import { show } from '../figure/show.ts'
import { coordinate, tag, text } from '../figure/svg.ts'
import { BOLD, fit } from '../figure/text.ts'
import { toneColor, type Tone } from '../figure/tone.ts'
import { token } from '../tokens.ts'
import { marker } from './curves.ts'
import { axesOf, conditionOf, type Pair, type Symmetric } from './ellipse.ts'
import { drawnOf, some, squares, type Place } from './squares.ts'

export interface Cloud {
  readonly name: string
  readonly tone?: Tone
  readonly points: readonly Pair[]
  /** Points to follow from panel to panel: `{ A: 3 }` sets off the fourth. At most 4. */
  readonly marks?: Readonly<Record<string, number>>
  /** Draws from −reach to reach on both axes. Default: around the points. */
  readonly reach?: number
}

export interface CloudOptions extends FrameOptions {
  /** Default `x₁` and `x₂`. */
  xLabel?: string
  yLabel?: string
  /** A sentence below. */
  caption?: string
}

export interface CloudFacts {
  /** Points with two finite numbers (whose squares are finite). */
  readonly count: number
  readonly mean: Pair
  /** `[[a, b], [b, c]]` as `[a, b, c]`, divided by the count. */
  readonly covariance: Symmetric
  readonly std: Pair
  /** NaN where a feature does not vary. */
  readonly correlation: number
  /** The greatest variance in any direction over the least. */
  readonly condition: number
}

const MOST = { panels: 6, dots: 400, marks: 4 }
/** Its square is finite too. */
const finite = (point: Pair): boolean => Math.abs(point[0]) < 1e150 && Math.abs(point[1]) < 1e150

/** A cloud in numbers. Points that are not finite are left out. */
export function cloudFacts(points: readonly Pair[]): CloudFacts {
  const all = points.filter(finite)
  const average = (of: (point: Pair) => number): number =>
    all.reduce((sum, point) => sum + of(point) / all.length, 0)
  // From the first point on: values that are all equal have their mean exactly, and no variance.
  const [x0, y0] = all[0] ?? [0, 0]
  const mean: Pair = [x0 + average(([x]) => x - x0), y0 + average(([, y]) => y - y0)]
  const covariance: Symmetric = [
    average(([x]) => (x - mean[0]) ** 2),
    average(([x, y]) => (x - mean[0]) * (y - mean[1])),
    average(([, y]) => (y - mean[1]) ** 2),
  ]
  const std: Pair = [Math.sqrt(covariance[0]), Math.sqrt(covariance[2])]
  return {
    count: all.length,
    mean,
    covariance,
    std,
    correlation: std[0] > 0 && std[1] > 0 ? covariance[1] / std[0] / std[1] : NaN,
    condition: conditionOf(covariance),
  }
}

/**
 * One square a cloud, with one scale on both axes, and ellipses at one and two standard deviations in every direction.
 * @throws NormlabError naming `clouds`, or the option.
 */
export function clouds(given: readonly Cloud[], options: CloudOptions = {}): string {
  check(given)
  const width = checkedWidth(options.width)
  const facts = given.map(({ points }) => cloudFacts(points))
  const words = given.map((cloud, i) => wordsOf(cloud, facts[i]))
  return squares(
    given.map((cloud, i) => {
      const square =
        cloud.reach === undefined ? around(cloud.points) : { center: [0, 0] as const, reach: cloud.reach }
      return {
        ...square,
        name: cloud.name,
        tone: cloud.tone,
        words: `${words[i]}.`,
        draw: (place) => dots(cloud, place) + ellipses(facts[i], place) + marks(cloud, place, square.center),
      }
    }),
    {
      ...options,
      width,
      xLabel: options.xLabel ?? 'x₁',
      yLabel: options.yLabel ?? 'x₂',
      fallbackTitle: 'Points and their covariance',
      fallback: 'no points',
      description: given.length
        ? `${list(given.map(({ name }, i) => `${name}: ${words[i]}`))}.`
        : 'No points.',
    },
  )
}

function wordsOf({ points }: Cloud, { count, std, correlation }: CloudFacts): string {
  if (!count) return points.length ? `none of ${points.length} points is finite` : 'no point'
  // Correlations are written as they are read, with two decimals: a tiny one is 0.
  const r = Number.isNaN(correlation) ? 'not defined' : number(Number(correlation.toFixed(2)), 2)
  const lost = points.length - count
  return (
    `standard deviations ${number(std[0])} and ${number(std[1])}, correlation ${r}` +
    drawnOf(Math.min(MOST.dots, count), count, 'points') +
    (lost ? `; ${lost} not finite left out` : '')
  )
}

function around(points: readonly Pair[]): { center: Pair; reach: number } {
  const ranges = [0, 1].map((i) => {
    let [low, high] = [Infinity, -Infinity]
    for (const point of points)
      if (finite(point)) [low, high] = [Math.min(low, point[i]), Math.max(high, point[i])]
    return low <= high ? padded(low, high) : ([-1, 1] as const)
  })
  // Halves first: the sum of two great numbers may be too great.
  const center = ranges.map(([low, high]) => low / 2 + high / 2) as [number, number]
  const reach = 1.1 * Math.max(...ranges.map(([low, high]) => high / 2 - low / 2))
  const least = 1e-9 * Math.max(Math.abs(center[0]), Math.abs(center[1]))
  return { center, reach: Math.max(reach, least) }
}

const dots = ({ points, tone }: Cloud, { at }: Place): string => {
  const d = some(points.filter(finite), MOST.dots)
    .map((point) => {
      const [x, y] = at(point)
      return `M${coordinate(x)},${coordinate(y)}h0.01`
    })
    .join('')
  return (
    d &&
    tag('path', {
      d,
      stroke: toneColor(tone),
      'stroke-width': '3.2',
      'stroke-linecap': 'round',
      // Few points would hardly show.
      'stroke-opacity': points.length > 40 ? '0.4' : '0.8',
    })
  )
}

function ellipses({ count, mean, covariance }: CloudFacts, { at, unit }: Place): string {
  if (count < 2) return ''
  const { values, direction } = axesOf(covariance)
  const [cx, cy] = at(mean)
  const turn = coordinate((-Math.atan2(direction[1], direction[0]) * 180) / Math.PI)
  const [rx, ry] = values.map((value) => Math.min(5e3, Math.sqrt(Math.max(0, value)) * unit))
  return [1, 2]
    .map((times) =>
      tag('ellipse', {
        cx,
        cy,
        rx: rx * times,
        ry: ry * times,
        transform: `rotate(${turn} ${coordinate(cx)} ${coordinate(cy)})`,
        fill: 'none',
        stroke: token('ink'),
        'stroke-width': times === 1 ? '2' : '1.2',
        'stroke-dasharray': times === 1 ? undefined : '4 3',
      }),
    )
    .join('')
}

const COLORS = ['axis-c', 'axis-s', 'axis-g', 'axis-n'] as const

/** Labels stand towards the middle: at an edge they would be cut. */
const marks = ({ points, marks: chosen = {} }: Cloud, { at }: Place, center: Pair): string =>
  Object.entries(chosen)
    .map(([label, index], i) => {
      const point = points[index]
      if (!finite(point)) return ''
      const [x, y] = at(point)
      const [left, below] = [point[0] > center[0], point[1] > center[1]]
      const color = token(COLORS[i])
      return (
        tag('path', { d: marker(i, undefined, x, y), fill: color, stroke: token('surface') }) +
        text(x + (left ? -6 : 6), y + (below ? 15 : -5), fit(label, BODY * BOLD, 90), {
          'font-size': String(BODY),
          'font-weight': '700',
          'text-anchor': left ? 'end' : 'start',
          fill: color,
          ...halo,
        })
      )
    })
    .join('')

function check(given: readonly Cloud[]): void {
  if (!Array.isArray(given) || given.length > MOST.panels)
    throw new NormlabError('clouds', show(given), `Give a list of at most ${MOST.panels} { name, points }`)
  for (const [i, cloud] of given.entries()) {
    const pairs = (points: unknown): boolean =>
      Array.isArray(points) &&
      points.every(
        (point) => Array.isArray(point) && typeof point[0] === 'number' && typeof point[1] === 'number',
      )
    if (typeof cloud?.name !== 'string' || !pairs(cloud.points))
      throw new NormlabError(`clouds[${i}]`, show(cloud), 'Give { name, points: [x, y][] }')
    choice(`clouds[${i}].tone`, cloud.tone, ['without', 'with'])
    if (cloud.reach !== undefined) checkedNumber(`clouds[${i}].reach`, cloud.reach, 1e-100, 1e100)
    const chosen: readonly number[] = Object.values(cloud.marks ?? {})
    if (chosen.length > MOST.marks || chosen.some((index) => cloud.points[index] === undefined))
      throw new NormlabError(
        `clouds[${i}].marks`,
        show(cloud.marks),
        `Give at most ${MOST.marks} labels, each with the place of a point`,
      )
  }
}
