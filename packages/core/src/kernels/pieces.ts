/** Cells that have several pieces, and pieces whose parameters lie apart. */
import type { ColumnNest, RowNest } from './nest.ts'
import type { Prepared } from './prepare.ts'
import { factor } from './scalar.ts'

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
 * Statistics of cells from those of their pieces, all of one size: Chan, Golub & LeVeque 1983, in float64. `fine` are the
 * addresses of means and variances. Of block `block` of `blocks` alone, where cells do not reach over several.
 */
export function mergePieces(
  { spec: { scale, epsilon }, plan, nest, at, arena }: Prepared,
  fine: readonly number[],
  block = 0,
  blocks = 1,
): void {
  const { cellAt } = nest as RowNest | ColumnNest
  const views = (from: readonly number[], length: number): Float64Array[] =>
    from.map((p) => arena.heap.doubles(p + block * length * 8, length))
  const [pieces, cells] = [nest.pieces / blocks, plan.cells / blocks]
  const [means, variances] = views(fine, pieces)
  const [mean, variance, rstd] = views([at.means, at.variances, at.rstds], cells)
  const average = (values: Float64Array, of: (i: number, cell: number) => number): void => {
    values.fill(0)
    for (let i = 0; i < pieces; i++) {
      const cell = cellAt ? cellAt[i] : i
      values[cell] += of(i, cell)
    }
    for (let cell = 0; cell < cells; cell++) values[cell] /= pieces / cells
  }
  average(mean, (i) => means[i])
  average(variance, (i, cell) => variances[i] + (means[i] - mean[cell]) ** 2)
  variance.forEach((v, cell) => {
    variance[cell] = scale === 'none' ? 0 : scale === 'l2' ? v * plan.count : v
    rstd[cell] = factor(scale, variance[cell], epsilon)
  })
}
