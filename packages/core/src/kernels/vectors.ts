/** Drives the kernels of rows that are cells: see assembly/vectors.ts. */
import type { VectorNest } from './nest.ts'
import type { Prepared } from './prepare.ts'
import { Stream, stride, type Source } from './stream.ts'
import type { Sums } from './sums.ts'

/** Calls `visit` with the first row and the number of rows of each piece that fits in scratch, and where its parameters begin. */
function overRows(
  { nest }: Prepared,
  streams: readonly Stream[],
  visit: (i: number, count: number, param: number, last: boolean) => unknown,
): boolean {
  const { pieces, size, blocks } = nest as VectorNest
  const block = pieces / blocks
  const rows = stride(streams, block, size)
  for (let i = 0, b = 0; b < blocks; b++)
    for (const end = i + block; i < end;) {
      const from = i
      i = Math.min(i + rows, end)
      if (!visit(from, i - from, b * size, i === end)) return false
    }
  return true
}

export function vectorsForward(prepared: Prepared, x: Source, y: Source): boolean {
  const { spec, plan, nest, arena, kernels, at, center, centers } = prepared
  const { pieces, size, blocks } = nest as VectorNest
  const run = (p: number, q: number, count: number, c: number, g: number) =>
    // oxfmt-ignore
    kernels.vectorForward(p, q, count, size, center, centers, spec.epsilon, at.means + c, plan.cells * 8, at.gamma + g, at.beta + g)
  if (x.resident && y.resident && blocks === 1) {
    run(x.resident, y.resident, pieces, 0, 0)
    return true
  }
  const [from, to] = [new Stream(arena, x, size), new Stream(arena, y, size)]
  return overRows(prepared, [from, to], (i, count, param) => {
    run(from.input(i * size, count * size), to.output(i * size), count, i * 8, param * 4)
    to.commit(i * size, count * size)
    return true
  })
}

/** @returns false where float32 cannot: the scalar kernels do it all again. */
export function vectorsBackward(prepared: Prepared, x: Source, dy: Source, dx: Source, sums: Sums): boolean {
  const { nest, arena, kernels, at, center } = prepared
  const { size } = nest as VectorNest
  const { dgamma, dbeta } = sums
  const [from, up, to] = [x, dy, dx].map((source) => new Stream(arena, source, size))
  const partial = arena.take(size * 16)
  arena.heap.floats(partial, size * 3).fill(0)
  return overRows(prepared, [from, up, to], (i, count, param, last) => {
    const [n, m, c] = [i * size, count * size, i * 8]
    const [p, q, r] = [from.input(n, m), up.input(n, m), to.output(n)]
    // oxfmt-ignore
    const done = kernels.vectorBackward(p, q, r, count, size, center, at.means + c, prepared.plan.cells * 8, at.gamma + param * 4, partial, dgamma + param * 8, dbeta + param * 8, last)
    to.commit(n, m)
    return done
  })
}
