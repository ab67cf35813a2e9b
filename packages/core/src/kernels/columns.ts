/** Drives the column kernels of forward. */
import { columnBlocks } from './columnBlocks.ts'
import type { ColumnNest } from './nest.ts'
import { mergePieces } from './pieces.ts'
import type { Prepared } from './prepare.ts'
import type { Source } from './stream.ts'

/** @returns false where float32 cannot: the scalar kernels do it all again. */
export function columnsForward(prepared: Prepared, x: Source, y: Source, given: boolean): boolean {
  const { spec, plan, nest, arena, kernels, scale, center, centers } = prepared
  const { batches, depth, width, aligned } = nest as ColumnNest
  const { floats, totals, gamma, beta, place, sum, draw } = columnBlocks(prepared, [x], y)
  const fine = given ? [] : [0, 1].map(() => arena.take(nest.pieces * 8))

  const moments = (b: number): boolean => {
    const [means, variances] = fine.map((p) => p + b * width * 8)
    /** Leaves a better shift of each column. @returns 0 where the shifts were good, 2 where none would be. */
    const sweep = (runs: number): number => {
      sum(b, runs)
      // oxfmt-ignore
      return kernels.columnMoments(runs, width, centers, scale, spec.epsilon, plan.count, floats, totals, means, variances)
    }
    arena.heap.floats(floats, width).fill(0)
    if (centers) sweep(Math.min(depth, 16))
    const state = sweep(depth)
    return !state || (state < 2 && !sweep(depth))
  }
  const normalize = (b: number): boolean => {
    const at = place(b)
    // oxfmt-ignore
    if (!kernels.columnCoefficients(width, center, at.cellAt, at.means, 0, at.rstds, gamma, beta, at.paramAt, floats)) return false
    draw(b)
    return true
  }

  // Statistics and result block by block while the block is in cache, where no cell reaches over several.
  for (let b = 0; b < batches; b++) {
    if (!given && !moments(b)) return false
    if (!given && aligned) mergePieces(prepared, fine, b, batches)
    if (aligned && !normalize(b)) return false
  }
  if (aligned) return true
  if (!given) mergePieces(prepared, fine)
  for (let b = 0; b < batches; b++) if (!normalize(b)) return false
  return true
}
