/** Cells that have several pieces, and pieces whose parameters lie apart. */
import type { ColumnNest, RowNest } from './nest.ts'
import type { Prepared } from './prepare.ts'

/** Addresses of the tables of a nest, 0 where it has none. */
export function tablesOf({ arena, nest }: Prepared): { cellAt: number; paramAt: number } {
  const { cellAt, paramAt } = nest as RowNest | ColumnNest
  const [a, b] = [cellAt, paramAt].map((values) => {
    if (!values) return 0
    const at = arena.take(values.byteLength)
    arena.heap.integers(at, values.length).set(values)
    return at
  })
  return { cellAt: a, paramAt: b }
}

/**
 * Statistics of cells from those of their pieces: `fine` are the addresses of means and variances. Of one block alone,
 * where cells do not reach over several.
 */
export function mergePieces(
  { spec, plan, nest, kernels, at, scale }: Prepared,
  cellAt: number,
  fine: number[],
  block = -1,
): void {
  const blocks = block < 0 ? 1 : (nest as ColumnNest).batches
  const [pieces, cells] = [nest.pieces / blocks, plan.cells / blocks]
  const i = Math.max(block, 0)
  kernels.merge(
    pieces,
    fine[0] + i * pieces * 8,
    fine[1] + i * pieces * 8,
    cellAt,
    cells,
    plan.count,
    scale,
    spec.epsilon,
    at.means + i * cells * 8,
    at.variances + i * cells * 8,
    at.rstds + i * cells * 8,
  )
}
