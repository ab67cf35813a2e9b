/** Drives the row kernels: see assembly/rows.ts. */
import type { RowNest } from './nest.ts'
import { mergePieces, tablesOf } from './pieces.ts'
import type { Prepared } from './prepare.ts'
import { Stream, stride, type Source } from './stream.ts'

/** @param given the statistics stand in kernel memory already. */
export function rowsForward(prepared: Prepared, x: Source, y: Source, given: boolean): boolean {
  const { spec, nest, arena, kernels, at, scale, center, centers } = prepared
  const { pieces, parts, size, step, cellAt } = nest as RowNest
  const tables = tablesOf(prepared)
  const n = parts * size
  const [from, to] = [new Stream(arena, x, n), new Stream(arena, y, n)]
  /** @param fine addresses of the statistics of cells, or of rows. @param writes y as well. */
  const run = (known: boolean, cells: number, fine: readonly number[], writes: boolean) => {
    const rows = stride(writes ? [from, to] : [from], pieces, n)
    for (let i = 0; i < pieces; i += rows) {
      const count = Math.min(rows, pieces - i)
      const [means, variances, rstds] = fine.map((p) => (cells ? p : p + i * 8))
      const params = tables.paramAt && tables.paramAt + i * 4
      // Merged statistics have an epsilon; those of the pieces have none.
      const kind = writes ? [scale, spec.epsilon] : [0, 0]
      // oxfmt-ignore
      kernels.rowForward(from.input(i * n, count * n), writes && to.output(i * n), count, parts, size, known, center, centers, ...kind, cells && cells + i * 4, means, variances, rstds, at.gamma, at.beta, params, step)
      if (writes) to.commit(i * n, count * n)
    }
  }
  const merged = cellAt !== null && !given
  if (merged) {
    const fine = [0, 1, 2].map(() => arena.take(pieces * 8))
    run(false, 0, fine, false)
    mergePieces(prepared, fine)
  }
  run(given || merged, tables.cellAt, [at.means, at.variances, at.rstds], true)
  return true
}
