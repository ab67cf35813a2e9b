/**
 * A plan as the kernels walk it. Any plan becomes one of two nests over x in memory order: `rows` runs that each belong to
 * one cell, or `batches` blocks of `depth` runs whose columns each belong to one. Where a cell has several such pieces,
 * `pieces` says so: the statistics of pieces are merged.
 */
import { offsetsWhere } from '../offsets.ts'
import { stridesOf, type PlanDim } from '../plan.ts'
import { countOf, cut, sizesOf, type Layout } from './params.ts'

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

/** What nests are made from: the dims split where the trailing reduced ones begin, and tables over some of the others. */
export interface Ground {
  readonly head: readonly PlanDim[]
  readonly run: readonly PlanDim[]
  /** Whether gamma or beta varies along a dim. */
  varies(dim: PlanDim): boolean
  /** See `Common`. */
  cellTable(chosen: readonly PlanDim[]): Int32Array | null
  paramTable(chosen: readonly PlanDim[]): Int32Array | null
  /** Entries of the layout of gamma and beta. */
  readonly params: number
  readonly rowsFit: boolean
}

function groundOf(dims: readonly PlanDim[], { varies, strides, length }: Layout): Ground {
  const cell = stridesOf(sizesOf(dims), (i) => dims[i].kept)
  const table = (chosen: readonly PlanDim[], steps: readonly number[]): Int32Array =>
    offsetsWhere(dims, (dim) => chosen.includes(dim), steps)
  const [head, run] = cut(dims, (dim) => !dim.kept)
  const alongParams = (dim: PlanDim) => varies[dims.indexOf(dim)]
  return {
    head,
    run,
    varies: alongParams,
    cellTable: (chosen) => (chosen.every((dim) => dim.kept) ? null : table(chosen, cell)),
    paramTable: (chosen) => (chosen.some(alongParams) ? table(chosen, strides) : null),
    params: length,
    rowsFit: countOf(run) > 1 || head.every((dim) => dim.kept),
  }
}

/**
 * @param columnsOf makes columns where they fit, and are better than rows; left out where none has kernels for them.
 * @returns null where there is no nest: the scalar kernels serve that.
 */
export function nestOf(
  dims: readonly PlanDim[],
  layout: Layout,
  columnsOf?: (ground: Ground) => ColumnNest | null,
): Nest | null {
  const ground = groundOf(dims, layout)
  const { head, run, varies, rowsFit } = ground
  const columns = columnsOf?.(ground)
  if (columns || !rowsFit) return columns ?? null
  const vector = run.length > 0 && varies(run.at(-1)!)
  const [front, tail] = cut(run, (dim) => varies(dim) === vector)
  return {
    kind: 'rows',
    pieces: countOf(head),
    cellAt: ground.cellTable(head),
    paramAt: ground.paramTable(head),
    parts: countOf(front),
    size: countOf(tail),
    vector,
    step: vector || front.length === 0 ? 0 : 1,
  }
}
