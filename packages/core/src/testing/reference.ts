/** A variant on the float64 tape: what its kernels are held against. */
import { build } from '../build.ts'
import { advance, full, fullCall } from '../full.ts'
import type { AnyNorm } from '../normTypes.ts'
import { pullOwn, runOwn } from '../own.ts'
import type { Runner } from '../run.ts'

/** One entry a cell, of a statistic that may not vary. */
const cellsOf = (data: Float64Array, cells: number): Float64Array =>
  data.length === cells ? data : new Float64Array(cells).fill(data[0] ?? 0)

const onTape: Runner = {
  ...full,
  forward(bound, x, params, state, weights) {
    const call = fullCall(
      { ...bound, record: { ...bound.record, kernel: undefined } },
      x,
      params,
      state,
      weights,
    )
    const result = runOwn(call)
    const { mean, variance } = result.saved.oracle!
    const saved = { ...result.saved, call: { ...call, record: bound.record } }
    if (!mean || !variance) return { ...result, saved }
    const { cells } = bound.plan
    const described = { ...saved, mean: cellsOf(mean.data, cells), variance: cellsOf(variance.data, cells) }
    return { y: result.y, saved: described, ...(call.old && { state: advance(call, described) }) }
  },
  backward: pullOwn,
}

/** The same variant, slow and exact: `Ops` in float64 with reverse-mode differentiation. */
export const reference = (variant: AnyNorm): AnyNorm => build(variant, onTape)
