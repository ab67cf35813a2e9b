/** Drives the row kernels: see assembly/rows.ts. */
import type { RowNest } from './nest.ts'
import { mergePieces, type Prepared } from './prepare.ts'
import { Stream, stride, type Source } from './stream.ts'

/** @param given the statistics stand in kernel memory already. */
export function rowsForward(prepared: Prepared, x: Source, y: Source, given: boolean): boolean {
  const { spec, nest, arena, kernels, at, scale, center, centers } = prepared
  const { pieces, parts, size, vector, step, cellAt } = nest as RowNest
  const n = parts * size
  const from = new Stream(arena, x, n)
  const to = new Stream(arena, y, n)
  const merged = cellAt !== null && !given
  const fine = merged ? [0, 1, 2].map(() => arena.take(pieces * 8)) : []
  const rows = stride([from, to], pieces, n)
  const params = (i: number) => [Number(vector), at.gamma, at.beta, at.paramAt && at.paramAt + i * 4, step]
  if (merged) {
    const several = stride([from], pieces, n)
    for (let i = 0; i < pieces; i += several) {
      const count = Math.min(several, pieces - i)
      kernels.rowMoments(from.input(i * n, count * n), count, n, centers, 0, 0, ...fine.map((p) => p + i * 8))
    }
    mergePieces(prepared, fine)
  }
  for (let i = 0; i < pieces; i += rows) {
    const count = Math.min(rows, pieces - i)
    const source = from.input(i * n, count * n)
    const target = to.output(i * n)
    const here = [at.means, at.variances, at.rstds].map((p) => p + i * 8)
    if (given || merged) {
      const cells = [at.cellAt && at.cellAt + i * 4, ...(cellAt ? [at.means, at.variances, at.rstds] : here)]
      if (given) cells[2] = 0
      kernels.rowNormalize(source, target, count, parts, size, center, ...cells, ...params(i))
    } else
      kernels.rowForward(
        source,
        target,
        count,
        parts,
        size,
        center,
        centers,
        scale,
        spec.epsilon,
        ...here,
        ...params(i),
      )
    to.commit(i * n, count * n)
  }
  return true
}
