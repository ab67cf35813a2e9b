/** Drives the row kernels: see assembly/rows.ts. */
import type { RowNest } from './nest.ts'
import { mergePieces, tablesOf } from './pieces.ts'
import type { Prepared } from './prepare.ts'
import { Stream, stride, type Source } from './stream.ts'

/** @param given the statistics stand in kernel memory already. */
export function rowsForward(prepared: Prepared, x: Source, y: Source, given: boolean): boolean {
  const { spec, nest, arena, kernels, at, scale, center, centers } = prepared
  const { pieces, parts, size, step, cellAt } = nest as RowNest
  const { gamma, beta } = at
  const tables = tablesOf(prepared)
  const n = parts * size
  const from = new Stream(arena, x, n)
  const to = new Stream(arena, y, n)
  const rows = stride([from, to], pieces, n)
  const merged = cellAt !== null && !given
  if (merged) momentsOfRows(prepared, tables.cellAt, from)
  for (let i = 0; i < pieces; i += rows) {
    const count = Math.min(rows, pieces - i)
    const source = from.input(i * n, count * n)
    const target = to.output(i * n)
    const params = tables.paramAt && tables.paramAt + i * 4
    // Where row i is cell i, statistics are those of this piece of x.
    const cell = cellAt ? 0 : i * 8
    const [means, variances, rstds] = [at.means + cell, at.variances + cell, at.rstds + cell]
    if (given || merged) {
      const cells = tables.cellAt && tables.cellAt + i * 4
      // oxfmt-ignore
      kernels.rowNormalize(source, target, count, parts, size, center, cells, means, rstds, gamma, beta, params, step)
    } else
      // oxfmt-ignore
      kernels.rowForward(source, target, count, parts, size, center, centers, scale, spec.epsilon, means, variances, rstds, gamma, beta, params, step)
    to.commit(i * n, count * n)
  }
  return true
}

/** Statistics of cells that have several rows. */
function momentsOfRows(prepared: Prepared, cellAt: number, from: Stream): void {
  const { nest, arena, kernels, centers } = prepared
  const { pieces, parts, size } = nest as RowNest
  const n = parts * size
  const fine = [0, 1, 2].map(() => arena.take(pieces * 8))
  const rows = stride([from], pieces, n)
  for (let i = 0; i < pieces; i += rows) {
    const count = Math.min(rows, pieces - i)
    const [means, variances, rstds] = fine.map((p) => p + i * 8)
    kernels.rowMoments(from.input(i * n, count * n), count, n, centers, 0, 0, means, variances, rstds)
  }
  mergePieces(prepared, cellAt, fine)
}
