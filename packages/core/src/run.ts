/** Runs plain calls: what the fields of a record describe, with statistics of x's own, on the kernels. */
import { layParams } from './boundary.ts'
import { SavedCall, type Call, type Saved } from './call.ts'
import { NormlabError } from './errors.ts'
import { backward, forward } from './kernels/dispatch.ts'
import type { CellStatistics, Gradients, KernelSpec } from './kernels/scalar.ts'
import type { Plan } from './plan.ts'
import { tensorLike, type Tensor } from './tensor.ts'
import type { NormRecord } from './variant.ts'

/** What a record, the options and x's shape come to. */
export interface Bound {
  readonly record: NormRecord
  readonly plan: Plan
  readonly options: Readonly<Record<string, unknown>>
  /** The last plain call, and what stands in for its x: the next one most often has the same parameters. */
  last?: Call
}

/** What norm() derives from a record, as far as the record needs it. */
export interface Runner {
  /** Options beside the record's own and the binding. */
  known(record: NormRecord): string[]
  /** @throws NormlabError for a value out of its range. */
  check?(options: Bound['options']): void
  /** @throws NormlabError naming the argument. */
  forward(
    bound: Bound,
    x: Tensor,
    params: unknown,
    state: unknown,
    weights: unknown,
  ): { y: Tensor; saved: Saved }
  /** `dy` and `saved` belong to each other. */
  backward(dy: Tensor, saved: Saved): object
  /** @throws NormlabError where the record keeps none. */
  initState(bound: Bound): object
}

export function callOf({ record, plan, options }: Bound, x: Tensor, params: unknown): Call {
  return { record, plan, x, given: params as Call['given'], params: layParams(record, params, plan), options }
}

function specOf({ record, plan, params, options, weights }: Call): KernelSpec {
  return {
    plan,
    center: record.center,
    scale: record.scale,
    epsilon: Number(options.epsilon ?? 0),
    gamma: params.gamma,
    beta: params.beta,
    gammaPlus: record.params.gamma?.plusOne ? 1 : 0,
    weights,
  }
}

const NONE: Tensor = { data: new Float32Array(0), shape: [] }

/** Whether these are the parameters of that call, the same arrays. Detached ones have no elements. */
function sameParams(params: unknown, { given, params: laid }: Call): boolean {
  let more = 0
  for (const _ in given) more++
  for (const name in params as typeof given) {
    const tensor = (params as typeof given)[name]
    if (!tensor || tensor !== given[name] || tensor.data !== laid[name].data || !tensor.data.length)
      return false
    more--
  }
  return more === 0
}

/** Small calls are all checking: what was checked in the last one is not checked again. */
function plainCall(bound: Bound, x: Tensor, params: unknown): Call {
  const { last } = bound
  if (last && params && sameParams(params, last)) return { ...last, x }
  const call = callOf(bound, x, params)
  bound.last = { ...call, given: { ...call.given }, x: NONE, spec: specOf(call) }
  return { ...bound.last, x }
}

/** @param stats the statistics to use, else x's own. */
export function normalize(call: Call, stats: CellStatistics | null): { y: Tensor; saved: SavedCall } {
  const normalized = forward(call.spec ?? specOf(call), call.x.data, stats)
  return { y: normalized.y, saved: new SavedCall(call, normalized.stats) }
}

/** @param given the statistics were given. */
export function differentiate(
  dy: Tensor,
  saved: SavedCall,
  given: boolean,
): { gradients: Record<string, Tensor>; ofStatistics: Gradients } {
  // A copy may bring statistics of its own.
  const stats = Object.hasOwn(saved, 'rstd') ? saved : saved.stats
  const { call } = saved
  const { dx, ...rest } = backward(call.spec ?? specOf(call), call.x.data, dy.data, stats, given)
  const gradients: Record<string, Tensor> = { dx }
  if (rest.dgamma) gradients.dgamma = tensorLike(call.x, rest.dgamma, call.given.gamma.shape)
  if (rest.dbeta) gradients.dbeta = tensorLike(call.x, rest.dbeta, call.given.beta.shape)
  return { gradients, ofStatistics: rest }
}

export const plain: Runner = {
  known: () => [],
  forward: (bound, x, params) => normalize(plainCall(bound, x, params), null),
  backward: (dy, saved) => differentiate(dy, saved as SavedCall, false).gradients,
  initState({ record }) {
    throw new NormlabError('state', `${record.name} keeps no state`, 'Leave the state out')
  },
}
