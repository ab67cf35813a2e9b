/** What both directions do with blocks of columns: see assembly/columns.ts. */
import type { ColumnNest } from './nest.ts'
import { tablesOf } from './pieces.ts'
import type { Prepared } from './prepare.ts'
import { Stream, stride, type Source } from './stream.ts'

/** @param inputs x and, backward, dy. */
export function columnBlocks(prepared: Prepared, inputs: readonly Source[], output: Source) {
  const { plan, arena, kernels, at } = prepared
  const { batches, depth, width, aligned, deep } = prepared.nest as ColumnNest
  const tables = tablesOf(prepared)
  const streams = inputs.map((source) => new Stream(arena, source, width))
  const to = new Stream(arena, output, width)
  // k, q, t and g of each column, in float32: see `columnDraw`. Scratch; and the columns' sums, in float64.
  const [floats, partial, totals] = [16, 8, 16].map((bytes) => arena.take(width * bytes))
  // A gamma of 1 and a beta of 0, and a sum that nobody asks for.
  const one = arena.take(16)
  arena.heap.f32.set([1, 0], one / 4)

  /** Visits the pieces of block `b`, or of its first `runs`, that fit in scratch: first run, number of runs, addresses. */
  const over = (
    b: number,
    runs: number,
    all: readonly Stream[],
    visit: (i: number, n: number, at: readonly number[], offset: number) => void,
  ): void => {
    const several = stride(all, depth, width)
    for (let i = 0; i < runs; i += several) {
      const n = Math.min(several, runs - i)
      const offset = (b * depth + i) * width
      const addresses = streams.map((stream) => stream.input(offset, n * width))
      visit(i, n, addresses, offset)
    }
  }
  /** Where the tables and the statistics of block `b` begin, and its first cell. */
  const place = (b: number) => {
    const cell = aligned ? (b * plan.cells) / batches : 0
    return {
      cell,
      cellAt: tables.cellAt && tables.cellAt + (aligned ? 0 : b * width * 4),
      paramAt: tables.paramAt && tables.paramAt + b * width * 4,
      means: at.means + cell * 8,
      variances: at.variances + cell * 8,
      rstds: at.rstds + cell * 8,
    }
  }
  return {
    floats,
    totals,
    one,
    waste: one + 8,
    /** Of columns: parameters that go by run come in elsewhere. */
    gamma: deep ? one : at.gamma,
    beta: deep ? one + 4 : at.beta,
    place,
    /** Sums of the columns of block `b`, or of the first `runs` of each. @param dgamma of runs, as dbeta. */
    sum(b: number, runs: number, dgamma = 0, dbeta = 0): void {
      arena.heap.doubles(totals, width * 2).fill(0)
      over(b, runs, streams, (i, n, [x, dy = 0]) => {
        if (deep && dy)
          // oxfmt-ignore
          kernels.deepSums(x, dy, n, width, floats, at.gamma + i * 4, partial, totals, dgamma + i * 8, dbeta + i * 8)
        else kernels.columnSums(x, dy, n, width, floats, partial, totals, depth < 16)
      })
    },
    draw(b: number): void {
      over(b, depth, [...streams, to], (i, n, [x, dy = 0], offset) => {
        const [gamma, beta] = deep ? [at.gamma + i * 4, at.beta + i * 4] : [0, 0]
        kernels.columnDraw(x, dy, to.output(offset), n, width, floats, gamma, beta)
        to.commit(offset, n * width)
      })
    },
  }
}
