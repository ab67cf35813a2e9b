/**
 * A plan as the kernels walk it. Any plan becomes one of two nests over x in memory order: `rows` runs that each belong to
 * one cell, or `batches` blocks of `depth` runs whose columns each belong to one. Where a cell has several such pieces,
 * `pieces` says so: the statistics of pieces are merged.
 */
import { offsetsOver } from '../offsets.ts'
import { product, type PlanDim } from '../plan.ts'
import type { Layout } from './params.ts'

interface Common {
  /** Pieces of cells in x's order: rows, or batches x columns. */
  readonly pieces: number
  /** Cell of each piece; null where piece i is cell i. */
  readonly cellAt: Int32Array | null
  /** Offset of each piece's parameters; null where that is 0 throughout. */
  readonly paramAt: Int32Array | null
}
export interface RowNest extends Common {
  readonly kind: 'rows'
  /** A row is `parts` x `size` elements, with parameters a part, or a vector of `size` repeated or advanced by `step`. */
  readonly parts: number
  readonly size: number
  readonly vector: boolean
  readonly step: number
}
export interface ColumnNest extends Common {
  readonly kind: 'columns'
  readonly batches: number
  readonly depth: number
  readonly width: number
  /** No cell reaches over several blocks; `cellAt` is then that of the first block. */
  readonly aligned: boolean
  /** gamma and beta have a value for each run of the depth, and vary along nothing else; runs are of 4 elements or more. */
  readonly deep: boolean
}
export type Nest = RowNest | ColumnNest

const sizes = (dims: readonly PlanDim[]): number[] => dims.map((dim) => dim.size)
const count = (dims: readonly PlanDim[]): number => product(sizes(dims))

/** Runs shorter than this are better walked as columns, where that is possible. */
const SHORT = 64

/** Splits dims into head, and a tail of dims for which `test` holds. */
function cut<T>(list: readonly T[], test: (value: T) => boolean): [T[], T[]] {
  let i = list.length
  while (i > 0 && test(list[i - 1])) i--
  return [list.slice(0, i), list.slice(i)]
}

/** Strides of cell numbers: 0 where a dim is reduced over. */
function cellStrides(dims: readonly PlanDim[]): number[] {
  let step = 1
  const strides = dims.map(() => 0)
  for (let i = dims.length - 1; i >= 0; i--)
    if (dims[i].kept) {
      strides[i] = step
      step *= dims[i].size
    }
  return strides
}

/** @returns null where parameters vary along a part of the depth of columns, or along more: the scalar kernels serve that. */
export function nestOf(dims: readonly PlanDim[], layout: Layout): Nest | null {
  const cell = cellStrides(dims)
  const table = (chosen: readonly PlanDim[], strides: readonly number[]): Int32Array | null => {
    const at = chosen.map((dim) => strides[dims.indexOf(dim)])
    return at.every((stride) => stride === 0) ? null : offsetsOver(sizes(chosen), at)
  }
  /** Null where it would number the pieces in order. */
  const cellTable = (chosen: readonly PlanDim[]): Int32Array | null =>
    chosen.every((dim) => dim.kept)
      ? null
      : offsetsOver(
          sizes(chosen),
          chosen.map((d) => cell[dims.indexOf(d)]),
        )

  const [head, run] = cut(dims, (dim) => !dim.kept)
  const length = count(run)
  const rowsFit = length > 1 || head.every((dim) => dim.kept)
  const [above, kept] = cut(head, (dim) => dim.kept)
  const [batch, depth] = cut(above, (dim) => !dim.kept)
  const width = count(kept) * length
  const varies = (dim: PlanDim): boolean => layout.varies[dims.indexOf(dim)]
  const deep = run.length === 0 && width > 3 && depth.every(varies) && layout.length === count(depth)
  const columnsFit = count(depth) > 1 && (deep || !depth.some(varies))
  if (columnsFit && (length < SHORT || !rowsFit) && (length === 1 || width < 65536)) {
    const across = [...batch, ...kept, ...run]
    const aligned = batch.every((dim) => dim.kept)
    return {
      kind: 'columns',
      aligned,
      deep,
      batches: count(batch),
      depth: count(depth),
      width,
      pieces: count(across),
      cellAt: cellTable(aligned ? [...kept, ...run] : across),
      paramAt: table(across, layout.strides),
    }
  }
  if (!rowsFit) return null
  const [front, tail] = cut(run, (dim) => varies(dim) === varies(run.at(-1)!))
  const vector = run.length > 0 && varies(run.at(-1)!)
  return {
    kind: 'rows',
    pieces: count(head),
    cellAt: cellTable(head),
    paramAt: table(head, layout.strides),
    parts: count(front),
    size: count(tail),
    vector,
    step: vector || front.length === 0 ? 0 : 1,
  }
}
