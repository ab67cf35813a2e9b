/** Drives the column kernels of backward. */
import { columnBlocks } from './columnBlocks.ts'
import type { ColumnNest } from './nest.ts'
import type { Prepared } from './prepare.ts'
import type { Source } from './stream.ts'
import type { Sums } from './sums.ts'

/** @returns false where float32 cannot: the scalar kernels do it all again. */
export function columnsBackward(prepared: Prepared, x: Source, dy: Source, dx: Source, sums: Sums): boolean {
  const { plan, nest, kernels, center } = prepared
  const { batches, depth, width, aligned, deep } = nest as ColumnNest
  const { dgamma, dbeta, centred, scaled, least } = sums
  // Of runs so short the sums would have to be exact.
  if (deep && depth < 16) return false
  const { floats, totals, one, waste, gamma, place, sum, draw } = columnBlocks(prepared, [x, dy], dx)
  // Parameters of runs get their gradients elsewhere.
  const grads = deep ? [waste, waste] : [dgamma, dbeta]
  const add = (b: number): boolean => {
    const { cell, cellAt, paramAt, means, variances, rstds } = place(b)
    // oxfmt-ignore
    if (!kernels.columnCoefficients(width, center, cellAt, means, variances, rstds, one, one + 4, 0, floats)) return false
    sum(b, depth, dgamma, dbeta)
    // oxfmt-ignore
    return kernels.columnBackTotals(width, center, cellAt, means, rstds, gamma, paramAt, totals, sums.cells + cell * 8, plan.cells, ...grads) !== 0
  }
  const pull = (b: number): void => {
    const { cell, cellAt, paramAt, means, variances, rstds } = place(b)
    // oxfmt-ignore
    kernels.columnBackCoefficients(width, center, cellAt, means, variances, rstds, gamma, paramAt, sums.cells + cell * 8, plan.cells, centred, scaled, least, floats)
    draw(b)
  }
  for (let b = 0; b < batches; b++) {
    if (!add(b)) return false
    if (aligned) pull(b)
  }
  if (!aligned) for (let b = 0; b < batches; b++) pull(b)
  return true
}
