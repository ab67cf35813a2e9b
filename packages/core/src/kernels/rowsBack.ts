/** Drives the row kernels of backward: see assembly/rowsBack.ts. */
import type { RowNest } from './nest.ts'
import type { Prepared } from './prepare.ts'
import { Stream, stride, type Source } from './stream.ts'
import type { Sums } from './sums.ts'

/** @returns false where float32 cannot: the scalar kernels do it all again. */
export function rowsBackward(
  { nest, plan, arena, kernels, at, center }: Prepared,
  x: Source,
  dy: Source,
  dx: Source,
  sums: Sums,
): boolean {
  const { pieces, parts, size, vector, step, cellAt } = nest as RowNest
  const n = parts * size
  const [from, up, to] = [x, dy, dx].map((source) => new Stream(arena, source, n))
  const partial = vector ? arena.take(size * 8) : 0
  if (vector) arena.heap.floats(partial, size * 2).fill(0)
  const shape = [parts, size, center]
  const terms = [sums.centred, sums.scaled, sums.least, partial, sums.dgamma, sums.dbeta]
  const params = (i: number) => [vector, at.gamma, at.paramAt && at.paramAt + i * 4, step]
  const stats = [at.means, at.variances, at.rstds]
  const table = (i: number) => at.cellAt && at.cellAt + i * 4
  const sweep = (
    streams: readonly Stream[],
    visit: (i: number, rows: number, at: number[]) => boolean,
  ): boolean => {
    const several = stride(streams, pieces, n)
    for (let i = 0; i < pieces; i += several) {
      const rows = Math.min(several, pieces - i)
      if (!visit(i, rows, [from.input(i * n, rows * n), up.input(i * n, rows * n)])) return false
    }
    return true
  }
  let done: boolean
  if (cellAt === null)
    done = sweep([from, up, to], (i, rows, inputs) => {
      const here = stats.map((p) => p + i * 8)
      const cells = [sums.cells + i * 8, plan.cells]
      const ok = kernels.rowBackward(
        ...inputs,
        to.output(i * n),
        rows,
        ...shape,
        ...here,
        ...params(i),
        ...cells,
        ...terms,
      )
      to.commit(i * n, rows * n)
      return Boolean(ok)
    })
  else {
    const cells = [sums.cells, plan.cells]
    done = sweep([from, up], (i, rows, inputs) =>
      Boolean(
        kernels.rowSums(
          ...inputs,
          rows,
          ...shape,
          table(i),
          ...stats,
          ...params(i),
          ...cells,
          sums.dgamma,
          sums.dbeta,
        ),
      ),
    )
    if (done)
      sweep([from, up, to], (i, rows, inputs) => {
        kernels.rowGradients(
          ...inputs,
          to.output(i * n),
          rows,
          ...shape,
          table(i),
          ...stats,
          ...params(i),
          ...cells,
          ...terms,
        )
        to.commit(i * n, rows * n)
        return true
      })
  }
  if (vector) kernels.rowFlush(size, partial, sums.dgamma, sums.dbeta)
  return done
}
