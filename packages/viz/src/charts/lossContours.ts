/** A quadratic loss over two weights as contour lines, and the way that gradient descent took through it. */
import { NormlabError } from '@normlab/core'
import { integer, list, number, percent } from '../figure/format.ts'
import { checkedNumber, checkedWidth, choice, type FrameOptions } from '../figure/frame.ts'
import { isRange } from '../figure/range.ts'
import { show } from '../figure/show.ts'
import { coordinate, line, tag } from '../figure/svg.ts'
import { toneColor, type Tone } from '../figure/tone.ts'
import { token } from '../tokens.ts'
import { axesOf, conditionOf, type Pair, type Symmetric } from './ellipse.ts'
import { drawnOf, some, squares, type Place } from './squares.ts'

/** `loss(w) = least + (w - minimum)ᵀ H (w - minimum) / 2`. */
export interface Bowl {
  readonly name: string
  readonly tone?: Tone
  /** `H = [[a, b], [b, c]]` as `[a, b, c]`, no direction downward. */
  readonly hessian: Symmetric
  readonly minimum: Pair
  /** The weights after each step, the start first. Default: none. */
  readonly path?: readonly Pair[]
}

export interface ContourOptions extends FrameOptions {
  /** Names of the two weights. Default `w₁` and `w₂`. */
  xLabel?: string
  yLabel?: string
  /** Half of each square's side, in weights. Default: so that the start of the path is inside. */
  reach?: number
  /** A sentence below. */
  caption?: string
}

export interface BowlFacts {
  /** The greatest curvature over the least: 1 where the contours are circles, Infinity where the loss is flat along a line, NaN where it is flat. */
  readonly condition: number
  /** Steps of the path. */
  readonly steps: number
  /** What is left of the loss above its least at the path's end, as a share of the start's. NaN without a path, or from the minimum. */
  readonly left: number
}

const LINES = 9
const MOST = { panels: 6, dots: 200 }

/** A bowl in numbers. */
export function bowlFacts({ hessian, minimum, path = [] }: Bowl): BowlFacts {
  const excess = ([x, y]: Pair): number => above(hessian, x - minimum[0], y - minimum[1])
  return {
    condition: conditionOf(hessian),
    steps: Math.max(0, path.length - 1),
    left: path.length ? excess(path.at(-1)!) / excess(path[0]) : NaN,
  }
}

const above = ([a, b, c]: Symmetric, x: number, y: number): number =>
  (a * x * x + 2 * b * x * y + c * y * y) / 2

/**
 * One square a bowl, with one scale on both axes: only so does the picture show the condition number, and the steps stand
 * at right angles to the lines.
 * @throws NormlabError naming `bowls`, or the option.
 */
export function lossContours(bowls: readonly Bowl[], options: ContourOptions = {}): string {
  check(bowls)
  const width = checkedWidth(options.width)
  if (options.reach !== undefined) checkedNumber('reach', options.reach, 1e-100, 1e100)
  for (const { minimum } of bowls)
    if (options.reach && !minimum.every((at) => isRange(at - options.reach!, at + options.reach!)))
      throw new NormlabError('reach', show(options.reach), `Give one that shows beside ${show(minimum)}`)
  const words = bowls.map(wordsOf)
  return squares(
    bowls.map((bowl, i) => {
      const reach = options.reach ?? reachOf(bowl)
      return {
        name: bowl.name,
        tone: bowl.tone,
        center: bowl.minimum,
        reach,
        words: `${words[i]}.`,
        draw: (place) => contours(bowl, reach, place) + way(bowl, place),
      }
    }),
    {
      ...options,
      width,
      xLabel: options.xLabel ?? 'w₁',
      yLabel: options.yLabel ?? 'w₂',
      fallbackTitle: 'Loss over two weights',
      fallback: 'no loss',
      description: bowls.length ? `${list(bowls.map(({ name }, i) => `${name}: ${words[i]}`))}.` : 'No loss.',
    },
  )
}

function wordsOf(bowl: Bowl): string {
  const { condition, steps, left } = bowlFacts(bowl)
  const shape = Number.isNaN(condition)
    ? 'flat everywhere'
    : condition === Infinity
      ? 'flat along a line'
      : `condition number ${number(condition)}`
  // Below 1e-12 it is rounding, which differs from engine to engine.
  const then = Number.isFinite(left)
    ? `, after ${integer(steps)} ${steps === 1 ? 'step' : 'steps'} ${left > 10 ? `${number(left)} times the loss` : `${percent(left < 1e-12 ? 0 : left)} of the loss`} above the minimum`
    : steps > 0
      ? `, ${steps} ${steps === 1 ? 'step' : 'steps'}`
      : ''
  return shape + then + drawnOf(Math.min(MOST.dots, steps + 1), steps + 1, 'points')
}

/** The start, with room around; 1 without a start. */
function reachOf({ minimum, path }: Bowl): number {
  const [x, y] = path?.[0] ?? [NaN, NaN]
  const away = Math.max(Math.abs(x - minimum[0]), Math.abs(y - minimum[1]))
  const reach = 1.2 * away
  // A reach that the minimum's own digits swallow cannot be labelled.
  return minimum.every((at) => isRange(at - reach, at + reach))
    ? reach
    : Math.max(1, ...minimum.map((at) => Math.abs(at) * 0.1))
}

/** Ellipses at equal distances, up to the corners: the loss grows with their square. */
function contours({ hessian, minimum }: Bowl, reach: number, { at, unit }: Place): string {
  const { values, direction } = axesOf(hessian)
  if (!(values[0] > 0)) return ''
  // In units of the square's half side; the greatest loss is in one of two corners.
  const [a, b, c] = hessian.map((value) => value / values[0])
  const corner = Math.sqrt(a + 2 * Math.abs(b) + c)
  const ratio = Math.sqrt(Math.max(values[1] / values[0], 1e-8))
  const [cx, cy] = at(minimum)
  const angle = (-Math.atan2(direction[1], direction[0]) * 180) / Math.PI
  return Array.from({ length: LINES }, (_, i) => {
    const radius = ((LINES - i) / LINES) * corner * reach * unit
    return tag('ellipse', {
      cx,
      cy,
      rx: radius,
      ry: Math.min(1e5, radius / ratio),
      transform: `rotate(${coordinate(angle)} ${coordinate(cx)} ${coordinate(cy)})`,
      fill: token('axis-n'),
      'fill-opacity': '0.055',
      stroke: token('axis-n'),
      'stroke-opacity': '0.45',
    })
  }).join('')
}

function way({ minimum, path = [], tone }: Bowl, { at }: Place): string {
  const [mx, my] = at(minimum)
  const cross = { stroke: token('ink'), 'stroke-width': '1.8' }
  const target = line(mx - 5, my, mx + 5, my, cross) + line(mx, my - 5, mx, my + 5, cross)
  const ends = path.findIndex(([x, y]) => !(Number.isFinite(x) && Number.isFinite(y)))
  const points = some(ends < 0 ? path : path.slice(0, ends), MOST.dots).map(at)
  if (!points.length) return target
  const color = tone ? toneColor(tone) : token('ink')
  const d = `M${points.map(([x, y]) => `${coordinate(x)},${coordinate(y)}`).join('L')}`
  return (
    tag('path', { d, fill: 'none', stroke: color, 'stroke-width': '1.6', 'stroke-linejoin': 'round' }) +
    points
      .map(([x, y], i) =>
        tag('circle', {
          cx: x,
          cy: y,
          r: i ? 2.2 : 4,
          fill: i ? color : token('surface'),
          stroke: color,
          'stroke-width': '1.6',
        }),
      )
      .join('') +
    target
  )
}

function check(bowls: readonly Bowl[]): void {
  if (!Array.isArray(bowls) || bowls.length > MOST.panels)
    throw new NormlabError(
      'bowls',
      show(bowls),
      `Give a list of at most ${MOST.panels} { name, hessian, minimum }`,
    )
  const numbers = (value: unknown, length: number): boolean =>
    Array.isArray(value) && value.length === length && value.every((each) => typeof each === 'number')
  for (const [i, bowl] of bowls.entries()) {
    if (typeof bowl?.name !== 'string' || !numbers(bowl.minimum, 2) || !bowl.minimum.every(Number.isFinite))
      throw new NormlabError(
        `bowls[${i}]`,
        show(bowl),
        'Give { name, hessian, minimum }, minimum two finite numbers',
      )
    choice(`bowls[${i}].tone`, bowl.tone, ['without', 'with'])
    if (!numbers(bowl.hessian, 3) || !bowl.hessian.every(Number.isFinite))
      throw new NormlabError(
        `bowls[${i}].hessian`,
        show(bowl.hessian),
        'Give [a, b, c] for [[a, b], [b, c]], finite',
      )
    const [great, small] = axesOf(bowl.hessian).values
    if (small < -1e-9 * Math.abs(great))
      throw new NormlabError(
        `bowls[${i}].hessian`,
        show(bowl.hessian),
        'Give one that bends downward nowhere',
      )
    if (
      bowl.path !== undefined &&
      !(Array.isArray(bowl.path) && bowl.path.every((point: unknown) => numbers(point, 2)))
    )
      throw new NormlabError(`bowls[${i}].path`, show(bowl.path), 'Give a list of [w1, w2]')
  }
}
