/** The editable table of /axes/: samples A, B, … by features x1 to x3, normalized down its columns and along its rows. */
import { norm } from '@normlab/core'
import { runningIndex } from '@normlab/viz'

export const FEATURES = ['x₁', 'x₂', 'x₃']
export const SAMPLES = ['A', 'B', 'C', 'D']
/** Two features of one size, and one of quite another. */
export const START: readonly (readonly number[])[] = [
  [1, 2, 30],
  [3, 8, 10],
]

const paper = { authors: '', title: '', year: 0, url: '' }
const along = (name: string, stats: string) =>
  norm({ name, paper, stats, center: true, scale: 'std', params: {}, options: { epsilon: 1e-5 } })

export const ways = [
  {
    key: 'batch',
    name: 'BatchNorm: down each column',
    over: 'samples',
    record: along('BatchNorm', 'n c -> c'),
  },
  {
    key: 'layer',
    name: 'LayerNorm: along each row',
    over: 'features',
    record: along('LayerNorm', 'n c -> n'),
  },
] as const

export type Way = (typeof ways)[number]

export function resultOf({ record }: Way, rows: readonly (readonly number[])[]): number[][] {
  const { y } = record.forward(
    { data: Float64Array.from(rows.flat()), shape: [rows.length, FEATURES.length] },
    {},
  )
  return rows.map((_, r) => [...y.data.slice(r * FEATURES.length, (r + 1) * FEATURES.length)])
}

export const pictureOf = (
  { over, key }: Way,
  rows: readonly (readonly number[])[],
  [row, column]: readonly [number, number],
  width: number,
): string =>
  runningIndex(
    { samples: SAMPLES.slice(0, rows.length), features: FEATURES, values: rows.flat() },
    { over, at: over === 'samples' ? column : row, width, id: `axes-table-${key}` },
  )

/** `1,2,30;3,8,10`; null where it is no such table. */
export function rowsOf(text: string | null): number[][] | null {
  const rows = (text ?? '')
    .split(';')
    .map((row) => row.split(',').map((word) => (word.trim() ? Number(word) : NaN)))
  const good =
    rows.length <= SAMPLES.length &&
    rows.every((row) => row.length === FEATURES.length && row.every(Number.isFinite))
  return good ? rows : null
}

export const printed = (value: number): string =>
  `${value < 0 && Number(value.toFixed(2)) !== 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`
