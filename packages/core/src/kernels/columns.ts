/** Drives the column kernels: see assembly/columns.ts. */
import type { Arena } from './arena.ts'
import type { ColumnNest } from './nest.ts'
import { mergePieces, tablesOf } from './pieces.ts'
import type { Prepared } from './prepare.ts'
import { Stream, stride, type Source } from './stream.ts'

/** Calls `visit` with the address, first run and number of runs of each piece of block `b` that fits in scratch, `to`'s as well. */
export function overBlock(
  { depth, width }: ColumnNest,
  b: number,
  streams: readonly Stream[],
  visit: (at: number[], from: number, runs: number) => void,
  to?: Stream,
): void {
  const several = stride(to ? [...streams, to] : streams, depth, width)
  for (let i = 0; i < depth; i += several) {
    const runs = Math.min(several, depth - i)
    const from = (b * depth + i) * width
    visit(
      streams.map((stream) => stream.input(from, runs * width)),
      from,
      runs,
    )
  }
}

/** Addresses of a gamma of 1 and a beta of 0: coefficients of columns alone. */
export function noParams(arena: Arena): [gamma: number, beta: number] {
  const at = arena.take(8)
  arena.heap.f32[at / 4] = 1
  arena.heap.f32[at / 4 + 1] = 0
  return [at, at + 4]
}

/** @returns false where float32 cannot: the scalar kernels do it all again. */
export function columnsForward(prepared: Prepared, x: Source, y: Source, given: boolean): boolean {
  const { spec, plan, arena, kernels, at, center, centers } = prepared
  const nest = prepared.nest as ColumnNest
  const { batches, depth, width, aligned, deep } = nest
  const tables = tablesOf(prepared)
  const from = new Stream(arena, x, width)
  const to = new Stream(arena, y, width)
  const floats = arena.take(width * 12)
  const sums = arena.take(width * 8)
  const totals = arena.take(width * 16)
  const [gamma, beta] = deep ? noParams(arena) : [at.gamma, at.beta]
  const fine = given ? [] : [0, 1].map(() => arena.take(nest.pieces * 8))
  const floor = { std: spec.epsilon, rms: spec.epsilon, l2: spec.epsilon ** 2 / plan.count, none: 1 }[
    spec.scale
  ]

  const moments = (b: number): boolean => {
    const [means, variances] = fine.map((p) => p + b * width * 8)
    arena.heap.floats(floats, width).fill(0)
    const first = Math.min(depth, 16, stride([from], depth, width))
    if (centers) kernels.columnShifts(from.input(b * depth * width, first * width), first, width, floats)
    for (let attempt = 0; attempt < 2; attempt++) {
      arena.heap.doubles(totals, 2 * width).fill(0)
      overBlock(nest, b, [from], ([p], _, runs) =>
        kernels.columnSums(p, runs, width, floats, sums, totals, depth < 16),
      )
      const state = kernels.columnMoments(depth, width, centers, floor, floats, totals, means, variances)
      if (state === 0) return true
      if (state === 2) return false
    }
    return false
  }
  const normalize = (b: number): boolean => {
    const cells = aligned ? (b * plan.cells) / batches : 0
    const table = (p: number, periodic: boolean) => (p && !periodic ? p + b * width * 4 : p)
    const easy = kernels.columnCoefficients(
      width,
      center,
      table(tables.cellAt, aligned),
      at.means + cells * 8,
      at.rstds + cells * 8,
      gamma,
      beta,
      table(tables.paramAt, false),
      floats,
    )
    if (!easy) return false
    const write = ([p]: number[], offset: number, runs: number) => {
      const run = ((offset / width) % depth) * 4
      if (deep)
        kernels.deepNormalize(p, to.output(offset), runs, width, floats, at.gamma + run, at.beta + run)
      else kernels.columnNormalize(p, to.output(offset), runs, width, floats)
      to.commit(offset, runs * width)
    }
    overBlock(nest, b, [from], write, to)
    return true
  }

  // Statistics and result block by block while the block is in cache, where no cell reaches over several.
  for (let b = 0; b < batches; b++) {
    if (!given && !moments(b)) return false
    if (!given && aligned) mergePieces(prepared, tables.cellAt, fine, b)
    if (aligned && !normalize(b)) return false
  }
  if (aligned) return true
  if (!given) mergePieces(prepared, tables.cellAt, fine)
  for (let b = 0; b < batches; b++) if (!normalize(b)) return false
  return true
}
