/** A computation step by step, with the numbers of each step, and where they lie on a number line. */
import { NormlabError } from '@normlab/core'
import { fixed } from '../figure/format.ts'
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
import { isRange, padded } from '../figure/range.ts'
import { show } from '../figure/show.ts'
import { coordinate, tag, text } from '../figure/svg.ts'
import { BOLD, fit, textWidth } from '../figure/text.ts'
import { xAxis, xAxisHeight } from '../figure/xAxis.ts'
import { token } from '../tokens.ts'

export interface ValueStep {
  /** What is computed: `mean`. */
  readonly name: string
  /** How, in one line: `(x₁ + ... + xₙ) / n`. */
  readonly formula?: string
  /** One number for each example, or one for all of them. */
  readonly values: ArrayLike<number>
  /** False keeps the step off the number line: a variance is no place on it. Default true. */
  readonly placed?: boolean
}

export interface ValueStepsOptions extends FrameOptions {
  /** The step that is reached, from 1: it is set off, and what comes after it is blank. Default: the last. */
  step?: number
  /** An example to follow, from 0: set off in every step. */
  follow?: number
  /** Decimals. Default 2. */
  digits?: number
  /** What the number line shows. Default `value`. */
  xLabel?: string
}

const PAD = 12
const ROW = 24
const MOST = 64

/**
 * Rows of numbers, one row a step. Below, the reached step's numbers on a line that all steps share.
 * @throws NormlabError naming `steps`, or the option.
 */
export function valueSteps(steps: readonly ValueStep[], options: ValueStepsOptions = {}): string {
  check(steps)
  const width = checkedWidth(options.width)
  const digits = checkedNumber('digits', options.digits ?? 2, 0, 6)
  const reached = Math.round(
    checkedNumber('step', options.step ?? steps.length, 0, Math.max(steps.length, 1)),
  )
  const inner = width - 2 * PAD
  const said = steps.map(({ values }) => Array.from(values, (value) => fixed(value, digits)))
  const widest = Math.max(26, ...said.flat().map((word) => textWidth(word, SMALL) + 10))
  const most = Math.max(1, ...said.map((words) => words.length))
  const columns = Math.min(most, Math.max(1, Math.floor(inner / widest)))
  const cell = Math.min(inner / columns, 120)
  const head = options.title
    ? paragraph(PAD, 8, inner, options.title, { size: HEADING, weight: '600' })
    : null
  const tops: number[] = []
  let y = (head ? head.height + 12 : 0) + 8
  for (const words of said) {
    tops.push(y)
    y += 22 + Math.max(1, Math.ceil(words.length / columns)) * ROW + 8
  }
  const lineTop = y + 8
  const lineBottom = lineTop + 34
  const xLabel = options.xLabel ?? 'value'
  const rows = steps.map((step, i) => {
    const now = i === reached - 1
    const one = said[i].length === 1
    const later = i >= reached
    const w = one ? cell * Math.min(most, columns) : cell
    const name = fit(`${i + 1}  ${step.name}`, BODY * BOLD, inner)
    const after = PAD + textWidth(name, BODY * BOLD) + 12
    const room = width - PAD - after
    const box = (_: string, k: number): string => {
      const followed = !one && k === options.follow
      const [left, top] = [PAD + (k % columns) * w, tops[i] + 22 + Math.floor(k / columns) * ROW]
      return (
        tag('rect', {
          x: left + 1,
          y: top,
          width: Math.max(1, w - 2),
          height: ROW - 3,
          fill: token(later ? 'surface' : followed ? 'cell-5' : now ? 'cell-1' : 'raised'),
          stroke: token(now ? 'ink' : 'grid'),
          'stroke-dasharray': later ? '2 3' : undefined,
        }) +
        (later
          ? ''
          : text(left + w / 2, top + 15, fit(said[i][k], SMALL, w - 4), {
              'font-size': String(SMALL),
              'text-anchor': 'middle',
              'font-weight': followed ? '700' : undefined,
            }))
      )
    }
    return (
      text(PAD, tops[i] + 15, name, { 'font-weight': '600', fill: token(later ? 'muted' : 'ink') }) +
      (step.formula && room > 60
        ? text(after, tops[i] + 15, fit(step.formula, SMALL, room), {
            'font-size': String(SMALL),
            fill: token('muted'),
          })
        : '') +
      said[i].map(box).join('')
    )
  })
  const placed = steps.map(({ values, placed: on }) =>
    on === false ? [] : Array.from(values).filter((value) => Number.isFinite(value)),
  )
  const domain = domainOf(placed.flat())
  const [left, right] = [PAD + 8, width - PAD - 8]
  const x = (value: number): number =>
    left + ((value / 2 - domain[0] / 2) / (domain[1] / 2 - domain[0] / 2)) * (right - left)
  const shown = steps.findLastIndex((_, i) => i < reached && said[i].length > 1 && placed[i].length > 0)
  const dot = (value: number, k: number): string => {
    if (!Number.isFinite(value)) return ''
    const followed = k === options.follow
    return tag('circle', {
      cx: x(value),
      cy: lineTop + 17,
      r: followed ? 6 : 4.5,
      fill: token(followed ? 'highlight' : 'with'),
      'fill-opacity': followed ? undefined : '0.55',
      stroke: token('ink'),
    })
  }
  const single = steps[reached - 1]
  const bar =
    single && said[reached - 1].length === 1 && placed[reached - 1].length === 1
      ? tag('path', {
          d: `M${coordinate(x(placed[reached - 1][0]))},${coordinate(lineTop)}V${coordinate(lineBottom)}`,
          stroke: token('ink'),
          'stroke-width': '2.5',
        })
      : ''
  return frame({
    id: options.id,
    width,
    height: lineBottom + xAxisHeight(xLabel, width) + 8,
    title: options.title ?? `${steps.length} steps`,
    description: describe(steps, said, reached),
    body: () =>
      (head?.markup ?? '') +
      (steps.length ? '' : nothing(PAD, lineTop, 'no steps')) +
      rows.join('') +
      xAxis({ domain, x, left, right, top: lineTop, bottom: lineBottom, label: xLabel, width }) +
      (shown < 0 ? '' : Array.from(steps[shown].values, dot).join('')) +
      bar,
  })
}

function domainOf(values: readonly number[]): [number, number] {
  let [low, high] = [0, 0]
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)]
  return isRange(low, high) ? [low, high] : padded(low, high)
}

function describe(steps: readonly ValueStep[], said: readonly string[][], reached: number): string {
  if (!steps.length) return 'No steps.'
  const each = steps
    .slice(0, reached)
    .map(
      ({ name }, i) =>
        `${name}: ${said[i].slice(0, 16).join(', ')}${said[i].length > 16 ? ' and so on' : ''}`,
    )
  return `Step ${reached} of ${steps.length}. ${each.join('. ')}.`
}

function check(steps: readonly ValueStep[]): void {
  if (!Array.isArray(steps) || steps.length > 12)
    throw new NormlabError('steps', show(steps), 'Give a list of at most 12 { name, formula, values }')
  for (const [i, step] of steps.entries())
    if (typeof step?.name !== 'string' || !(step.values?.length >= 0 && step.values.length <= MOST))
      throw new NormlabError(`steps[${i}]`, show(step), `Give { name, values } with at most ${MOST} values`)
}
