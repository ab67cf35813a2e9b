import { checkOptions, NormlabError, show } from './errors.ts'
import { mergeMoments, momentsOf, varianceOf, type Moments } from './moments.ts'
import type { Binding } from './plan.ts'
import { planOf } from './brackets.ts'
import { shapeAlong } from './boundary.ts'
import type { RunningState } from './running.ts'
import type { Tensor } from './tensor.ts'

/**
 * Exact statistics of a whole stream, for recalibrating BatchNorm: unlike a running average they do not depend on the order
 * or size of the batches.
 * @param batches tensors alike but for the batch size.
 * @param options `variance`: 'biased' (default) or 'unbiased', of the whole population; and which axis the channels are.
 * @throws NormlabError naming `batches` when there are none.
 */
export function populationState(
  batches: Iterable<Tensor>,
  options: Binding & { variance?: 'biased' | 'unbiased' } = {},
): RunningState {
  checkOptions('options', options)
  const { variance = 'biased', ...binding } = options
  if (typeof batches?.[Symbol.iterator] !== 'function')
    throw new NormlabError('batches', show(batches), 'Give an iterable of { data, shape }')
  let merged: Moments | undefined
  let shape: readonly number[] = []
  let count = 0
  for (const batch of batches) {
    const moments = momentsOf(batch, 'n s c -> c', binding)
    merged = merged ? mergeMoments(merged, moments) : moments
    shape = shapeAlong(planOf('n s c -> c', batch.shape, binding), 'c')
    count++
  }
  if (!merged) throw new NormlabError('batches', 'there are none', 'Give at least one batch')
  return {
    mean: { data: merged.mean, shape },
    variance: { data: varianceOf(merged, variance), shape },
    count,
  }
}
