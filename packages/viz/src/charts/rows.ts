/** Labelled rows on a horizontal scale: what paired and diverging bars have in common. */
import { NormlabError } from '@normlab/core'
import { BODY, HEADING, paragraph, SMALL, type FrameOptions } from '../figure/frame.ts'
import { isRange } from '../figure/range.ts'
import { show } from '../figure/show.ts'
import { text } from '../figure/svg.ts'
import { BOLD, fit, textWidth } from '../figure/text.ts'
import { xAxis, xAxisHeight } from '../figure/xAxis.ts'
import { token } from '../tokens.ts'

export interface BarOptions extends FrameOptions {
  /** Quantity and unit on the x axis. Default `value`. */
  xLabel?: string
  /** Range of x; it should hold 0. Default: that of the data, and 0. */
  domain?: readonly [number, number]
  /** A sentence below. */
  caption?: string
}

export interface Layout {
  readonly left: number
  readonly right: number
  readonly x: (value: number) => number
  /** Top of each row's marks. */
  readonly tops: readonly number[]
  readonly height: number
  /** Title, axis, labels and caption. */
  readonly markup: string
}

const PAD = 12

/** Labels stand left of the rows, or above them where that would take more than a third of the width. */
export function layOut(
  labels: readonly string[],
  width: number,
  rowHeight: number,
  domain: readonly [number, number],
  valueWidth: number,
  options: BarOptions,
  keyHeight: number,
): Layout {
  const inner = width - 2 * PAD
  const head = options.title
    ? paragraph(PAD, 8, inner, options.title, { size: HEADING, weight: '600' })
    : null
  const top = (head ? head.height + 20 : 14) + (labels.length ? keyHeight : 12)
  const labelWidth = Math.max(0, ...labels.map((label) => textWidth(label, BODY)))
  const above = labelWidth > width * 0.3
  const left = above ? PAD + 4 : PAD + labelWidth + 12
  const right = width - PAD - valueWidth
  const [low, high] = domain
  const x = (value: number): number => left + ((value - low) / (high - low)) * (right - left)
  const step = rowHeight + (above ? 20 : 0)
  const tops = labels.map((_, i) => top + i * step + (above ? 20 : 0))
  const bottom = top + labels.length * step
  let y = bottom + xAxisHeight(options.xLabel ?? 'value', width) + 6
  const caption = options.caption ? paragraph(PAD, y, inner, options.caption) : null
  y += caption ? caption.height + 4 : 0
  const names = labels.map((label, i) =>
    above
      ? text(PAD, tops[i] - 4, fit(label, BODY * BOLD, inner), { 'font-weight': '600' })
      : text(left - 10, tops[i] + rowHeight / 2 - 1, label, { 'text-anchor': 'end' }),
  )
  const markup =
    (head?.markup ?? '') +
    xAxis({ domain, x, left, right, top, bottom, label: options.xLabel ?? 'value', width }) +
    names.join('') +
    (labels.length
      ? ''
      : text(PAD, bottom - 2, 'no rows', { fill: token('muted'), 'font-size': String(SMALL) })) +
    (caption?.markup ?? '')
  return { left, right, x, tops, height: y + 4, markup }
}

/** A domain that holds 0 and all values. @throws NormlabError naming `domain`. */
export function domainWithZero(
  values: readonly number[],
  given?: readonly [number, number],
): [number, number] {
  if (given) {
    if (!(Array.isArray(given) && isRange(given[0], given[1])))
      throw new NormlabError('domain', show(given), 'Give [min, max], finite, min below max')
    return [given[0], given[1]]
  }
  const finite = values.filter(Number.isFinite)
  const low = Math.min(0, ...finite)
  const high = Math.max(0, ...finite)
  if (!isRange(low, high)) return [0, 1]
  const pad = (high - low) * 0.03
  return [low < 0 ? low - pad : 0, high > 0 ? high + pad : 0]
}

/** @throws NormlabError naming the place. */
export function checkedRows(rows: unknown): readonly { label: string }[] {
  if (!Array.isArray(rows)) throw new NormlabError('rows', show(rows), 'Give a list of rows')
  rows.forEach((row, i) => {
    if (typeof row?.label !== 'string') throw new NormlabError(`rows[${i}]`, show(row), 'Give it a label')
  })
  return rows
}
