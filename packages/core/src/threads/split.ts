/**
 * How a call of a kernel is cut into shares of rows, runs or elements. Positions are those of the arguments in
 * kernels/assembly. What a kernel adds to is private to a share, and added up afterwards in float64.
 */
export type Arguments = readonly number[]

export interface Split {
  /** Argument that counts the units; a share is a multiple of `whole` of them. */
  readonly count: number
  readonly whole?: number
  /** Elements of a unit. */
  size(a: Arguments): number
  /** Pointers to float32, one unit after the other, or 0. */
  readonly data: readonly number[]
  /** Pointers to float64 and tables of int32, an entry a unit; a table may be missing (0). */
  readonly doubles?: readonly number[]
  readonly tables?: readonly number[]
  /** A table of cells: where it is there, `doubles` are by cell and stay. */
  readonly cells?: number
  /** Plain numbers that count units from the beginning. */
  readonly first?: number
  /** Bytes of scratch by argument: cleared beforehand, one a share. */
  scratch?(a: Arguments): readonly (readonly [argument: number, bytes: number])[]
  /** As `scratch`, of float64 that are added to those of the call. */
  totals?(a: Arguments): readonly (readonly [argument: number, bytes: number])[]
}

/** Sums of dgamma and dbeta lie side by side. */
const gradients = (a: Arguments, dgamma: number, dbeta: number) =>
  [
    [dgamma, a[dbeta] - a[dgamma]],
    [dbeta, a[dbeta] - a[dgamma]],
  ] as const

export const SPLITS: Readonly<Record<string, Split>> = {
  vectorForward: {
    count: 2,
    size: (a) => a[3],
    data: [0, 1],
    doubles: [7],
  },
  vectorBackward: {
    count: 3,
    size: (a) => a[4],
    data: [0, 1, 2],
    doubles: [6],
    scratch: (a) => [[9, a[4] * 16]],
    totals: (a) => gradients(a, 10, 11),
  },
  rowForward: {
    count: 2,
    size: (a) => a[3] * a[4],
    data: [0, 1],
    doubles: [11, 12, 13],
    cells: 10,
    tables: [16],
  },
  rowBackward: {
    count: 3,
    size: (a) => a[4] * a[5],
    data: [0, 1, 2],
    doubles: [9, 10, 11, 15],
    cells: 8,
    tables: [13],
    totals: (a) => (a[6] ? [...(a[8] ? [[15, a[16] * 16] as const] : []), ...gradients(a, 20, 21)] : []),
  },
  columnSums: {
    count: 2,
    whole: 64,
    size: (a) => a[3],
    data: [0, 1],
    scratch: (a) => [[5, a[3] * 8]],
    totals: (a) => [[6, a[3] * 16]],
  },
  deepSums: {
    count: 2,
    whole: 64,
    size: (a) => a[3],
    data: [0, 1],
    doubles: [8, 9],
    tables: [5],
    scratch: (a) => [[6, a[3] * 8]],
    totals: (a) => [[7, a[3] * 16]],
  },
  columnDraw: { count: 3, size: (a) => a[4], data: [0, 1, 2], tables: [6, 7] },
  dropout: { count: 2, whole: 64, size: () => 1, data: [0, 1], first: 3, scratch: () => [[11, 384]] },
}

/** The arguments of `count` units from `from` on. */
export function shareOf(split: Split, a: Arguments, from: number, count: number): number[] {
  const share = a.slice()
  share[split.count] = count
  const bytes = split.size(a) * 4
  for (const i of split.data) if (a[i]) share[i] += from * bytes
  const cells = split.cells !== undefined && a[split.cells] !== 0
  if (cells) share[split.cells] += from * 4
  else for (const i of split.doubles ?? []) if (a[i]) share[i] += from * 8
  for (const i of split.tables ?? []) if (a[i]) share[i] += from * 4
  if (split.first !== undefined) share[split.first] += from
  return share
}
