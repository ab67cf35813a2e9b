import { NormlabError } from '@normlab/core'
import { host } from './current.ts'
import { inspect, minus } from './text.ts'

export interface TableOptions {
  readonly caption?: string
  /** Digits after the point of every number that is not whole. Default: six significant ones. */
  readonly digits?: number
}

/** Cells of a table that say nothing. */
const blank = (value: unknown): boolean => value === undefined || value === null

/**
 * Shows a table: objects with one key a column, or arrays of which the first is the head.
 * @throws NormlabError naming `rows` or `digits`.
 */
export function table(
  rows: readonly Readonly<Record<string, unknown>>[] | readonly (readonly unknown[])[],
  { caption, digits }: TableOptions = {},
): void {
  if (!Array.isArray(rows))
    throw new NormlabError('rows', inspect(rows, 1), 'Give an array of objects or of arrays')
  if (digits !== undefined && !(Number.isInteger(digits) && digits >= 0 && digits <= 20))
    throw new NormlabError('digits', inspect(digits, 1), 'Give a whole number from 0 to 20')
  host().emit({ type: 'table', rows: cells(rows, digits), ...(caption ? { caption } : {}) })
}

/** Head and rows as they are printed. */
export function cells(rows: readonly unknown[], digits?: number): string[][] {
  const print = (value: unknown) =>
    blank(value) ? '' : typeof value === 'number' ? number(value, digits) : inspect(value)
  if (rows.every((row) => Array.isArray(row))) return (rows as unknown[][]).map((row) => row.map(print))
  const objects = rows.map((row) => (typeof row === 'object' && row !== null ? row : { value: row }))
  const head = [...new Set(objects.flatMap((row) => Object.keys(row)))]
  return [head, ...objects.map((row) => head.map((key) => print(Reflect.get(row, key))))]
}

function number(value: number, digits: number | undefined): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return minus(String(value))
  // A tiny negative number is 0 as it is printed, and its sign is often rounding, which differs from engine to engine.
  if (digits !== undefined) return minus(value.toFixed(digits).replace(/^-(0\.?0*)$/, '$1'))
  return minus(String(Number(value.toPrecision(6))))
}
