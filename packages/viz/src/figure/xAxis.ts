import { token } from '../tokens.ts'
import { tickLabels } from './format.ts'
import { BODY, SMALL } from './frame.ts'
import { line, text } from './svg.ts'
import { textWidth, wrap } from './text.ts'
import { ticks } from './ticks.ts'

export interface XAxis {
  domain: readonly [number, number]
  x: (value: number) => number
  left: number
  right: number
  /** Gridlines go from top to bottom; labels stand below. */
  top: number
  bottom: number
  label: string
  /** The whole figure's width: a label may be wider than the plot. */
  width: number
}

/** Room that the axis takes below `bottom`: a long label takes two lines. */
export const xAxisHeight = (label: string, width: number): number =>
  21 + 17 * Math.max(1, labelLines(label, width).length)

const labelLines = (label: string, width: number): string[] => wrap(label, BODY, width - 16).slice(0, 2)

/** Gridlines, and behind them nothing: draw it first. Tick labels never overlap. */
export function xAxis({ domain, x, left, right, top, bottom, label, width }: XAxis): string {
  let count = Math.max(2, Math.min(10, Math.floor((right - left) / 60)))
  let at: number[] = []
  let labels: string[] = []
  for (; count >= 1; count--) {
    at = ticks(domain[0], domain[1], count)
    labels = tickLabels(at)
    const widest = Math.max(0, ...labels.map((l) => textWidth(l, SMALL)))
    if (at.length < 2 || x(at[1]) - x(at[0]) > widest + 8) break
  }
  const grid = at.map((value) =>
    line(x(value), top, x(value), bottom + 4, {
      stroke: token(value === 0 ? 'rule' : 'grid'),
      'stroke-opacity': value === 0 ? '0.6' : undefined,
    }),
  )
  const marks = at.map((value, i) => {
    const half = textWidth(labels[i], SMALL) / 2
    return text(Math.max(half + 2, Math.min(width - half - 2, x(value))), bottom + 17, labels[i], {
      'font-size': String(SMALL),
      'text-anchor': 'middle',
      fill: token('muted'),
    })
  })
  const lines = labelLines(label, width).map((words, i) => {
    const half = textWidth(words, BODY) / 2
    const middle = Math.max(half + 8, Math.min(width - half - 8, (left + right) / 2))
    return text(middle, bottom + 34 + 17 * i, words, { 'text-anchor': 'middle' })
  })
  return grid.join('') + marks.join('') + lines.join('')
}
