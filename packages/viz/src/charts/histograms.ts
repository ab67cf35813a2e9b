/** Histograms below one another on one axis, and single examples followed from each to the next. */
import { histogramOf, NormlabError, summaryOf } from '@normlab/core'
import { list, meanStd, percent } from '../figure/format.ts'
import {
  BODY,
  checkedNumber,
  checkedWidth,
  choice,
  frame,
  halo,
  HEADING,
  nothing,
  paragraph,
  SMALL,
} from '../figure/frame.ts'
import type { FrameOptions } from '../figure/frame.ts'
import { isRange, padded } from '../figure/range.ts'
import { show } from '../figure/show.ts'
import { coordinate, line, tag, text } from '../figure/svg.ts'
import { BOLD, fit } from '../figure/text.ts'
import { xAxis, xAxisHeight } from '../figure/xAxis.ts'
import { token } from '../tokens.ts'
import { barsPath } from './bars.ts'
import { fillDefs, fillOf, FILLS, type Fill } from './fills.ts'

export interface HistogramRow {
  readonly label: string
  readonly values: ArrayLike<number>
  /** Default `solid`. */
  readonly fill?: Fill
}

export interface HistogramsOptions extends FrameOptions {
  /** Quantity and unit on the x axis. Default `value`. */
  xLabel?: string
  /** Range of x. Default: all finite values of all rows. */
  domain?: readonly [number, number]
  /** How many examples are followed from row to row, 0 to 40; rows then have equally many values. Default 0. */
  threads?: number
  /** A sentence below. */
  caption?: string
}

const PAD = 12
const HEAD = 38
const STRIP = 54
const BINS = 48
const MOST = 6

/**
 * One histogram a row, to the scale of its own highest bar, with mean and standard deviation in words and as a bar
 * below. Where a twentieth or more of the values are one and the same number, as zeros after ReLU are, their share is said.
 * @throws NormlabError naming `rows`, or the option.
 */
export function histograms(rows: readonly HistogramRow[], options: HistogramsOptions = {}): string {
  const threads = checkedNumber('threads', options.threads ?? 0, 0, 40)
  check(rows, threads)
  const width = checkedWidth(options.width)
  const inner = width - 2 * PAD
  const finite = rows.map(({ values }) => Array.from(values).filter((value) => Number.isFinite(value)))
  const domain = domainOf(finite.flat(), options.domain)
  const head = options.title
    ? paragraph(PAD, 8, inner, options.title, { size: HEADING, weight: '600' })
    : null
  const top = head ? head.height + 14 : 6
  const rowHeight = HEAD + STRIP + 14
  const bases = rows.map((_, i) => top + i * rowHeight + HEAD + STRIP)
  const bottom = top + Math.max(1, rows.length) * rowHeight
  const [left, right] = [PAD + 4, width - PAD - 4]
  const x = (value: number): number =>
    left +
    Math.max(0, Math.min(1, (value / 2 - domain[0] / 2) / (domain[1] / 2 - domain[0] / 2))) * (right - left)
  const xLabel = options.xLabel ?? 'value'
  const end = bottom + xAxisHeight(xLabel, width)
  const caption = options.caption ? paragraph(PAD, end + 4, inner, options.caption) : null
  const words = finite.map((values, i) => wordsOf(values, rows[i].values.length))

  const row = (id: string, i: number): string => {
    const base = bases[i]
    const { counts } = histogramOf(finite[i], { bins: BINS, min: domain[0], max: domain[1] })
    const d = barsPath(counts, { left, width: right - left, base, height: STRIP - 2 })
    return (
      line(left, base, right, base, { stroke: token('rule') }) +
      (d && tag('path', { d, ...fillOf(id, rows[i].fill ?? 'solid'), 'stroke-width': '0.7' })) +
      whisker(finite[i], base + 6, x) +
      text(PAD, base - STRIP - 20, fit(rows[i].label, BODY * BOLD, inner), {
        'font-weight': '600',
        ...halo,
      }) +
      text(PAD, base - STRIP - 5, fit(words[i], SMALL, inner), {
        'font-size': String(SMALL),
        fill: token('muted'),
        ...halo,
      })
    )
  }
  return frame({
    id: options.id,
    width,
    height: end + (caption?.height ?? 0) + 8,
    title: options.title ?? 'Histograms on one axis',
    description: rows.length ? `${list(rows.map(({ label }, i) => `${label}: ${words[i]}`))}.` : 'No rows.',
    body: (id) =>
      fillDefs(id) +
      (head?.markup ?? '') +
      (rows.length ? '' : nothing(left + 8, top + 20, 'no values')) +
      xAxis({ domain, x, left, right, top, bottom, label: xLabel, width }) +
      threadsOf(rows, threads, (k, value) => [x(value), bases[k]]) +
      rows.map((_, i) => row(id, i)).join('') +
      (caption?.markup ?? ''),
  })
}

/** Examples spread evenly over the first row's order, each a line from row to row; one that is not finite is left out. */
function threadsOf(
  rows: readonly HistogramRow[],
  count: number,
  at: (row: number, value: number) => readonly [number, number],
): string {
  if (rows.length < 2 || count === 0) return ''
  const order = Array.from({ length: rows[0].values.length }, (_, n) => n)
    .filter((n) => rows.every(({ values }) => Number.isFinite(values[n])))
    .toSorted((a, b) => rows[0].values[a] - rows[0].values[b] || a - b)
  const chosen = Array.from(
    { length: Math.min(count, order.length) },
    (_, k) => order[Math.floor(((k + 0.5) / Math.min(count, order.length)) * order.length)],
  )
  const d = chosen.map(
    (n) => `M${rows.map(({ values }, k) => at(k, values[n]).map(coordinate).join(',')).join('L')}`,
  )
  return tag('path', {
    d: d.join(''),
    fill: 'none',
    stroke: token('rule'),
    'stroke-width': '1',
    'stroke-opacity': '0.75',
  })
}

/** Mean and one standard deviation to either side. */
function whisker(values: readonly number[], y: number, x: (value: number) => number): string {
  if (!values.length) return ''
  const { mean, variance } = summaryOf(values)
  const std = Math.sqrt(variance)
  if (!Number.isFinite(mean) || !Number.isFinite(std)) return ''
  return (
    line(x(mean - std), y, x(mean + std), y, { stroke: token('ink'), 'stroke-width': '1.6' }) +
    tag('circle', { cx: x(mean), cy: y, r: 3.2, fill: token('ink'), stroke: token('surface') })
  )
}

function wordsOf(values: readonly number[], all: number): string {
  if (!values.length) return all ? `none of ${all} finite` : 'no value'
  const { mean, variance } = summaryOf(values)
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const [often, times] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))
  const share = times / values.length
  const pile =
    values.length === 1 || share < 0.05 || times < 2
      ? ''
      : `, ${share === 1 ? 'all' : percent(share)} exactly ${often === 0 ? '0' : 'alike'}`
  const left = all - values.length
  return `mean ${meanStd(mean, Math.sqrt(variance))}${pile}${left ? `, ${left} not finite` : ''}`
}

function domainOf(values: readonly number[], given?: readonly [number, number]): readonly [number, number] {
  if (given) {
    if (!(Array.isArray(given) && isRange(given[0], given[1])))
      throw new NormlabError('domain', show(given), 'Give [min, max], finite, min below max')
    return given
  }
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)]
  return low <= high ? padded(low, high) : [0, 1]
}

function check(rows: readonly HistogramRow[], threads: number): void {
  if (!Array.isArray(rows) || rows.length > MOST)
    throw new NormlabError('rows', show(rows), `Give a list of at most ${MOST} { label, values }`)
  for (const [i, one] of rows.entries()) {
    if (typeof one?.label !== 'string' || !(one.values?.length >= 0))
      throw new NormlabError(`rows[${i}]`, show(one), 'Give { label, values, fill }')
    choice(`rows[${i}].fill`, one.fill, FILLS)
    if (threads && one.values.length !== rows[0].values.length)
      throw new NormlabError(
        `rows[${i}].values`,
        `${one.values.length} values`,
        `Give ${rows[0].values.length}, as the first row has`,
      )
  }
}
