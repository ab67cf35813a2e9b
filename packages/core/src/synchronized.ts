/** Synchronous BatchNorm: BatchNorm over the merged statistics of all workers. MegDet, Peng et al. 2017. */
import { cellIndex } from './offsets.ts'
import { momentsOf } from './moments.ts'
import { batchNorm } from './variants/batchNorm.ts'
import type { Binding } from './plan.ts'
import { layState, nextState, type RunningOptions, type RunningState, type VariantState } from './running.ts'
import type { Saved } from './call.ts'
import type { FloatArray, Tensor } from './tensor.ts'

/** Adds up the arrays of all workers, entry by entry, and gives each the sum. Calls come in the same order everywhere. */
export type AllReduce = (values: Float64Array) => Promise<Float64Array> | Float64Array

type Options = Binding & Omit<RunningOptions, 'training'> & { epsilon?: number }
type Params = { readonly gamma?: Tensor; readonly beta?: Tensor }

export interface SavedSynchronized {
  readonly saved: Saved<Params>
  readonly x: Tensor
  readonly mean: Float64Array
  /** Values a channel, over all workers. */
  readonly total: number
}

/**
 * BatchNorm over the batches of all workers together.
 * @param allReduce sums over the workers: two calls in forward, one in backward.
 * @returns forward and backward as of `batchNorm`, asynchronous. dgamma and dbeta are this worker's share: add them up.
 */
export function synchronized(allReduce: AllReduce) {
  return {
    async forward(
      x: Tensor,
      params: Params = {},
      options: Options = {},
    ): Promise<{ y: Tensor; saved: SavedSynchronized; state: RunningState }> {
      const { state, ...rest } = options
      const { decay = 0.9, variance: kind = 'biased', epsilon = 1e-5, ...binding } = rest
      const own = momentsOf(x, 'n s c -> c', binding)
      // Refused before the first sum, which the other workers wait for.
      const plan = batchNorm.plan(x.shape, rest)
      const cells = own.mean.length
      const first = await allReduce(
        concat(
          own.count,
          own.mean.map((mean, c) => mean * own.count[c]),
        ),
      )
      const total = first[0]
      const mean = Float64Array.from({ length: cells }, (_, c) =>
        total > 0 ? first[cells + c] / first[c] : 0,
      )
      // The sum of squares around the common mean: nothing cancels, and sums are all that the caller reduces.
      const m2 = await allReduce(
        own.m2.map((value, c) => value + own.count[c] * (own.mean[c] - mean[c]) ** 2),
      )
      const variance = m2.map((value) => (total > 0 ? value / total : 0))
      const old = state ?? batchNorm.initState(x.shape, binding)
      const merged = {
        mean: { data: mean, shape: old.mean.shape },
        variance: { data: variance, shape: old.mean.shape },
        count: 1,
      }
      const { y, saved } = batchNorm.forward(x, params, {
        ...binding,
        epsilon,
        training: false,
        state: merged,
      })
      return {
        y,
        saved: { saved, x, mean, total },
        state: nextState(
          old,
          plan,
          layState(old as unknown as VariantState, plan, batchNorm),
          { mean, variance, totals: total },
          { decay: decay === 'cumulative' ? old.count / (old.count + 1) : decay, variance: kind },
        ),
      }
    },

    async backward(dy: Tensor, { saved, x, mean, total }: SavedSynchronized) {
      const { dx, dstate, ...rest } = batchNorm.backward(dy, saved)
      const cells = mean.length
      // The statistics were inputs of forward: their gradients go on to every worker's x.
      const sums = await allReduce(concat(dstate!.mean.data, dstate!.variance.data))
      const index = cellIndex(saved.plan)
      const data: FloatArray = dx.data.map((value, i) => {
        const c = index[i]
        return value + (sums[c] + 2 * sums[cells + c] * (x.data[i] - mean[c])) / total
      })
      return { ...rest, dx: { data, shape: dx.shape } }
    },
  }
}

const concat = (a: Iterable<number>, b: Iterable<number>): Float64Array => Float64Array.from([...a, ...b])
