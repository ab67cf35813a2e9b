/** Drives the row kernels of backward: see assembly/rowsBack.ts. */
import type { RowNest } from './nest.ts'
import { tablesOf } from './pieces.ts'
import type { Prepared } from './prepare.ts'
import { Stream, stride, type Source } from './stream.ts'
import type { Sums } from './sums.ts'

/** @returns false where float32 cannot: the scalar kernels do it all again. */
export function rowsBackward(prepared: Prepared, x: Source, dy: Source, dx: Source, sums: Sums): boolean {
  const { nest, plan, arena, kernels, at, center } = prepared
  const { pieces, parts, size, step, cellAt } = nest as RowNest
  const tables = tablesOf(prepared)
  const { cells, dgamma, dbeta, centred, scaled, least } = sums
  const n = parts * size
  const [from, up, to] = [x, dy, dx].map((source) => new Stream(arena, source, n))
  const rows = stride([from, up, to], pieces, n)
  const run = (adds: boolean, writes: boolean): boolean => {
    for (let i = 0; i < pieces; i += rows) {
      const count = Math.min(rows, pieces - i)
      const [p, q] = [from, up].map((stream) => stream.input(i * n, count * n))
      // Where row i is cell i, what a cell has begins with this piece.
      const c = cellAt ? 0 : i * 8
      const [table, params] = [tables.cellAt, tables.paramAt].map((t) => t && t + i * 4)
      // oxfmt-ignore
      const done = kernels.rowBackward(p, q, writes && to.output(i * n), count, parts, size, adds, center, table, at.means + c, at.variances + c, at.rstds + c, at.gamma, params, step, cells + c, plan.cells, centred, scaled, least, dgamma, dbeta)
      if (!done) return false
      if (writes) to.commit(i * n, count * n)
    }
    return true
  }
  return cellAt ? run(true, false) && run(false, true) : run(true, true)
}
