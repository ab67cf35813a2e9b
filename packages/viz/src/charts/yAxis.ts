import { tickLabels } from '../figure/format.ts'
import { SMALL } from '../figure/frame.ts'
import { padded } from '../figure/range.ts'
import { line, text } from '../figure/svg.ts'
import { textWidth } from '../figure/text.ts'
import { token } from '../tokens.ts'
import { nice, ticks } from '../figure/ticks.ts'

export interface Scale {
  readonly domain: readonly [number, number]
  readonly log: boolean
  readonly ticks: readonly number[]
  readonly labels: readonly string[]
  /** Position in [0, 1], from the least to the greatest. */
  readonly at: (value: number) => number
}

/** A linear or logarithmic scale with nice bounds around `min` to `max`. A log scale needs min > 0. */
export function scaleOf(min: number, max: number, log: boolean, count: number): Scale {
  if (log) {
    const [low, high] = [
      Math.floor(Math.log10(min)),
      Math.max(Math.floor(Math.log10(min)) + 1, Math.ceil(Math.log10(max))),
    ]
    const step = Math.max(1, Math.ceil((high - low) / Math.max(2, count)))
    const powers = Array.from(
      { length: Math.floor((high - low) / step) + 1 },
      (_, i) => 10 ** (low + i * step),
    )
    const at = (value: number): number => (Math.log10(value) - low) / (high - low)
    return { domain: [10 ** low, 10 ** high], log, ticks: powers, labels: powers.map(power), at }
  }
  const [low, high] = nice(...padded(min, max), count)
  const at = (value: number): number => (value / 2 - low / 2) / (high / 2 - low / 2)
  const values = ticks(low, high, count)
  return { domain: [low, high], log, ticks: values, labels: tickLabels(values), at }
}

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹'

function power(value: number): string {
  const exponent = Math.round(Math.log10(value))
  if (exponent >= -3 && exponent <= 3) return String(Number(value.toPrecision(1)))
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPT[Number(digit)]).join('')
  return `10${exponent < 0 ? '⁻' : ''}${digits}`
}

export const labelsWidth = ({ labels }: Scale): number =>
  Math.max(12, ...labels.map((l) => textWidth(l, SMALL)))

/** Gridlines from left to right with labels left of them. */
export function yAxis(scale: Scale, y: (value: number) => number, left: number, right: number): string {
  return scale.ticks
    .map(
      (value, i) =>
        line(left, y(value), right, y(value), {
          stroke: token(value === 0 && !scale.log ? 'rule' : 'grid'),
        }) +
        text(left - 6, y(value) + 4, scale.labels[i], {
          'font-size': String(SMALL),
          'text-anchor': 'end',
          fill: token('muted'),
        }),
    )
    .join('')
}
