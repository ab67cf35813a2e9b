import { NormlabError } from '@normlab/core'
import { asPrecise, list, number } from '../figure/format.ts'
import { BODY, checkedWidth, frame, halo, SMALL } from '../figure/frame.ts'
import { show } from '../figure/show.ts'
import { line, tag, text } from '../figure/svg.ts'
import { BOLD, textWidth } from '../figure/text.ts'
import { toneColor, toneDefs, toneFill, toneName, type Tone } from '../figure/tone.ts'
import { token } from '../tokens.ts'
import { partBars, type PartRow } from './partBars.ts'
import { checkedRows, domainWithZero, layOut, type BarOptions } from './rows.ts'

/** A quantity without and with normalization. `null` is a value that was not measured. */
export interface PairRow {
  readonly label: string
  readonly without: number | null
  readonly with: number | null
  /** Half the length of a whisker, such as a standard deviation over seeds. */
  readonly withoutError?: number
  readonly withError?: number
}

const TONES: readonly Tone[] = ['without', 'with']
const BAR = 13
const ROW = 42

/**
 * Horizontal bars from 0: one pair a row, or signed parts that add up to a net value.
 * @param rows all `{ label, without, with }`, or all `{ label, parts: [{ name, value }] }`.
 * @throws NormlabError naming `rows`, or the option.
 */
export function driftBars(rows: readonly PairRow[] | readonly PartRow[], options: BarOptions = {}): string {
  const checked = checkedRows(rows)
  const width = checkedWidth(options.width)
  const parted = checked.filter((row) => 'parts' in row).length
  if (parted && parted < checked.length)
    throw new NormlabError('rows', 'some have parts and some have not', 'Give one kind of row')
  return parted
    ? partBars(rows as readonly PartRow[], width, options)
    : pairBars(rows as readonly PairRow[], width, options)
}

function pairBars(rows: readonly PairRow[], width: number, options: BarOptions): string {
  const ends: number[] = []
  for (const [i, row] of rows.entries())
    for (const tone of TONES) {
      const value = row[tone]
      const error = row[`${tone}Error`] ?? 0
      if (value !== null && typeof value !== 'number')
        throw new NormlabError(
          `rows[${i}].${tone}`,
          show(value),
          'Give a number, or null where there is none',
        )
      if (!(error >= 0)) throw new NormlabError(`rows[${i}].${tone}Error`, show(error), 'Give 0 or more')
      if (value !== null) ends.push(value - error, value + error)
    }
  const domain = domainWithZero(ends, options.domain)
  const values = rows.flatMap((row) => TONES.map((tone) => said(row, tone)))
  const valueWidth = Math.min(width * 0.3, Math.max(20, ...values.map((v) => textWidth(v, SMALL))) + 10)
  const stacked = width < 380
  const layout = layOut(
    rows.map((row) => row.label),
    width,
    ROW,
    domain,
    valueWidth,
    options,
    stacked ? 42 : 26,
  )
  const apart = 56 + textWidth(toneName('without'), BODY * BOLD)
  const keyTop = Math.min(...layout.tops, layout.height) - (stacked ? 42 : 26) - (layout.left < 20 ? 20 : 0)
  return frame({
    id: options.id,
    width,
    height: layout.height,
    title: options.title ?? `${options.xLabel ?? 'Values'} without and with normalization`,
    description: describe(rows),
    body: (id) =>
      tag('defs', {}, toneDefs(id, 'with')) +
      layout.markup +
      (rows.length
        ? TONES.map((tone, i) =>
            key(id, tone, stacked ? 12 : 12 + i * apart, keyTop + (stacked ? i * 18 : 0)),
          ).join('')
        : '') +
      rows
        .map((row, i) =>
          TONES.map((tone, j) =>
            bar(id, row, tone, layout.tops[i] + 4 + j * (BAR + 3), layout.x, domain),
          ).join(''),
        )
        .join(''),
  })
}

function said(row: PairRow, tone: Tone): string {
  const value = row[tone]
  const error = row[`${tone}Error`]
  if (value === null) return 'not measured'
  return error ? `${asPrecise(value, error, 2)} ± ${asPrecise(error, error, 2)}` : number(value)
}

function bar(
  id: string,
  row: PairRow,
  tone: Tone,
  y: number,
  toX: (v: number) => number,
  domain: readonly [number, number],
): string {
  const value = row[tone]
  const x = (v: number): number => toX(Math.max(domain[0], Math.min(domain[1], v)))
  const zero = x(0)
  const attributes = { 'font-size': String(SMALL), ...halo }
  if (value === null || !Number.isFinite(value))
    return text(zero + 5, y + BAR - 3, said(row, tone), { ...attributes, fill: token('muted') })
  const end = x(value)
  const error = row[`${tone}Error`] ?? 0
  const color = toneColor(tone)
  const box = { x: Math.min(zero, end), y, width: Math.abs(end - zero), height: BAR }
  const middle = y + BAR / 2
  const [from, to] = [x(value - error), x(value + error)]
  const whisker = error
    ? line(from, middle, to, middle, { stroke: token('ink'), 'stroke-width': '1.4' }) +
      line(from, middle - 3, from, middle + 3, { stroke: token('ink'), 'stroke-width': '1.4' }) +
      line(to, middle - 3, to, middle + 3, { stroke: token('ink'), 'stroke-width': '1.4' })
    : ''
  return (
    tag('rect', { ...box, ...toneFill(id, tone) }) +
    line(end, y, end, y + BAR, { stroke: color, 'stroke-width': '2.2' }) +
    whisker +
    text(Math.max(end, to, zero) + 6, y + BAR - 3, said(row, tone), attributes)
  )
}

function key(id: string, tone: Tone, x: number, y: number): string {
  return (
    tag('rect', { x, y: y - 4, width: 22, height: 12, ...toneFill(id, tone) }) +
    line(x + 22, y - 4, x + 22, y + 8, { stroke: toneColor(tone), 'stroke-width': '2.2' }) +
    text(x + 29, y + 6.5, toneName(tone), { fill: toneColor(tone), 'font-weight': '600' })
  )
}

function describe(rows: readonly PairRow[]): string {
  if (!rows.length) return 'No rows.'
  return `Without and with normalization: ${list(
    rows.map((row) => `${row.label} ${said(row, 'without')} and ${said(row, 'with')}`),
    'and',
  )}.`
}
