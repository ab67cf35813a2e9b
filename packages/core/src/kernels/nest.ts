/**
 * A plan as the kernels walk it, over x in memory order. `vectors` are rows that are cells, with parameters along them;
 * they are always served. Any other plan becomes `rows`, runs that each belong to one cell, or `columns`, `batches` blocks
 * of `depth` runs whose columns each belong to one: see nests.ts.
 */
import { stridesOf, type PlanDim } from '../plan.ts'
import { countOf, cut, sizesOf, type Laid, type Layout } from './params.ts'

export interface VectorNest {
  readonly kind: 'vectors'
  /** Rows, and the elements of each. */
  readonly pieces: number
  readonly size: number
  /** Each block of as many rows has parameters of its own, such as those of an example. */
  readonly blocks: number
}
interface Common {
  /** Pieces of cells in x's order: rows, or batches x columns. Where a cell has several, their statistics are merged. */
  readonly pieces: number
  /** Cell of each piece; null where piece i is cell i. */
  readonly cellAt: Int32Array | null
  /** Offset of each piece's parameters; null where that is 0 throughout. */
  readonly paramAt: Int32Array | null
}
export interface RowNest extends Common {
  readonly kind: 'rows'
  /** A row is `parts` x `size` elements, with one value of gamma and beta a part; `step` from one to the next. */
  readonly parts: number
  readonly size: number
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
export type Nest = VectorNest | RowNest | ColumnNest

/** The common layout of gamma and beta, and the nest. */
export interface Walked {
  readonly layout: Layout
  readonly nest: Nest
}

/** @param plain the statistics are x's own, and x is divided by a root of its squares. @returns null for any other nest. */
export function vectorsOf(
  dims: readonly PlanDim[],
  laid: readonly (Laid | undefined)[],
  plain: boolean,
): Walked | null {
  const [head, run] = cut(dims, (dim) => !dim.kept)
  const varies = (i: number) => laid.some((param) => param?.strides[i])
  let outer = 0
  while (outer < head.length && varies(outer)) outer++
  if (!plain || head.some((dim, i) => !dim.kept || (i >= outer && varies(i)))) return null
  const [size, blocks] = [countOf(run), countOf(head.slice(0, outer))]
  const strides = stridesOf(sizesOf(dims), (i) => i < outer || i >= head.length)
  return {
    layout: { strides, length: size * blocks },
    nest: { kind: 'vectors', pieces: countOf(head), size, blocks },
  }
}
