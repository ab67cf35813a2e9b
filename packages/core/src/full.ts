/** Runs any record: plain ones, those that keep a state or take weights, and those with a forward of their own. */
import { layBroadcast } from './boundary.ts'
import type { Call, Saved, SavedCall } from './call.ts'
import { NormlabError } from './errors.ts'
import { factor, totalsOf, type CellStatistics } from './kernels/scalar.ts'
import { pullOwn, runOwn } from './own.ts'
import { callOf, differentiate, normalize, plain, type Bound, type Runner } from './run.ts'
import {
  cellsToState,
  checkRunning,
  initialState,
  layState,
  nextState,
  stateOfCells,
  stateParams,
  type RunningState,
  type VariantState,
} from './running.ts'
import { tensorLike, type Tensor } from './tensor.ts'

/** The whole of a call, checked. */
export function fullCall(
  bound: Bound,
  x: Tensor,
  params: unknown,
  givenState: unknown,
  givenWeights: unknown,
): Call {
  const { record, plan, options } = bound
  const kept = stateParams(record)
  const training = options.training !== false
  if (kept && !training && givenState === undefined)
    throw new NormlabError('state', 'missing at inference', 'Give the state that training returned')
  const old = kept && ((givenState as VariantState | undefined) ?? initialState(plan, record))
  const weights = givenWeights === undefined ? undefined : layBroadcast('weights', givenWeights, plan)
  if (weights?.data.some((weight) => !(weight >= 0 && weight < Infinity)))
    throw new NormlabError('weights', 'a weight is negative, infinite or NaN', 'Give weights of 0 or greater')
  const call = callOf(bound, x, params)
  const state = old && layState(old, plan, record)
  // A cumulative average gives each batch the same weight: the old value counts for all that came before.
  const cumulative = options.decay === 'cumulative' && old ? { decay: old.count / (old.count + 1) } : {}
  return { ...call, options: { ...options, ...cumulative }, training, weights, state, old }
}

/** The statistics that inference uses, or null. */
function givenStatistics({ state, record, plan, options, training }: Call): CellStatistics | null {
  if (training || !state) return null
  const mean = stateOfCells(state.mean, plan)
  const variance = stateOfCells(state.variance, plan)
  const epsilon = Number(options.epsilon ?? 0)
  return { mean, variance, rstd: variance.map((v) => factor(record.scale, v, epsilon)) }
}

/** The state after a plain call. */
export function advance(
  { record, plan, old, state, weights, options, training }: Call,
  saved: Saved,
): object {
  if (!training || !record.running) return old!
  const { mean, variance } = saved as Required<Saved>
  const cells = { mean, variance, totals: totalsOf(plan, weights) }
  return nextState(old as unknown as RunningState, plan, state!, cells, options)
}

export const full: Runner = {
  known: (record) => [
    ...(stateParams(record) ? ['training', 'state'] : []),
    ...(record.running ? ['decay'] : []),
    // A forward of its own makes its own state.
    ...(record.running && !record.apply ? ['variance'] : []),
    ...(record.weights ? ['weights'] : []),
  ],
  check: checkRunning,
  forward(bound, x, params, state, weights) {
    const call = fullCall(bound, x, params, state, weights)
    if (bound.record.apply) return runOwn(call)
    const result = normalize(call, givenStatistics(call))
    return call.old ? { ...result, state: advance(call, result.saved) } : result
  },
  backward(dy, saved) {
    const { plan, call } = saved
    if (call.record.apply) return pullOwn(dy, saved)
    const given = !call.training && call.state !== undefined
    const { gradients, ofStatistics } = differentiate(dy, saved as SavedCall, given)
    if (!given) return gradients
    const ofState = (name: 'mean' | 'variance', cells: Float64Array) => {
      const { shape } = call.old![name] as Tensor
      return tensorLike(call.x, cellsToState(cells, call.state![name], plan), shape)
    }
    const { center, scale } = call.record
    // A statistic that the forward does not use has no gradient.
    const used = (values: Float64Array, uses: boolean) => (uses ? values : values.fill(0))
    const mean = ofState('mean', used(ofStatistics.dmean!, center))
    const variance = ofState('variance', used(ofStatistics.dvariance!, scale !== 'none'))
    return { ...gradients, dstate: { mean, variance } }
  },
  initState(bound) {
    return stateParams(bound.record) ? initialState(bound.plan, bound.record) : plain.initState(bound)
  },
}
