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
  const { gamma, means, variances, rstds } = at
  const tables = tablesOf(prepared)
  const { cells, dgamma, dbeta, centred, scaled, least } = sums
  const n = parts * size
  const [from, up, to] = [new Stream(arena, x, n), new Stream(arena, dy, n), new Stream(arena, dx, n)]
  const rows = stride([from, up, to], pieces, n)
  const params = (i: number) => tables.paramAt && tables.paramAt + i * 4
  const table = (i: number) => tables.cellAt && tables.cellAt + i * 4
  if (cellAt)
    for (let i = 0; i < pieces; i += rows) {
      const count = Math.min(rows, pieces - i)
      const [p, q] = [from.input(i * n, count * n), up.input(i * n, count * n)]
      // oxfmt-ignore
      const ok = kernels.rowSums(p, q, count, parts, size, center, table(i), means, variances, rstds, gamma, params(i), step, cells, plan.cells, dgamma, dbeta)
      if (!ok) return false
    }
  let done = true
  for (let i = 0; done && i < pieces; i += rows) {
    const count = Math.min(rows, pieces - i)
    const [p, q, r] = [from.input(i * n, count * n), up.input(i * n, count * n), to.output(i * n)]
    if (cellAt)
      // oxfmt-ignore
      kernels.rowGradients(p, q, r, count, parts, size, center, table(i), means, variances, rstds, gamma, params(i), step, cells, plan.cells, centred, scaled, least)
    else {
      const c = i * 8
      // oxfmt-ignore
      done = kernels.rowBackward(p, q, r, count, parts, size, center, means + c, variances + c, rstds + c, gamma, params(i), step, cells + c, plan.cells, centred, scaled, least, dgamma, dbeta) !== 0
    }
    to.commit(i * n, count * n)
  }
  return done
}
