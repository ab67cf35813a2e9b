/** Runs plain calls: what the fields of a record describe, with statistics of x's own, on the kernels. */
import { layParams } from './boundary.ts'
import { SavedCall, type Call, type Saved } from './call.ts'
import { NormlabError, show } from './errors.ts'
import { backward, forward } from './kernels/dispatch.ts'
import type { CellStatistics, Gradients, KernelSpec } from './kernels/scalar.ts'
import type { Plan } from './plan.ts'
import { checkTensor, isFloats, sameList, zerosLike, type Tensor } from './tensor.ts'
import type { NormRecord } from './variant.ts'

/** What a record, the options and x's shape come to. */
export interface Bound {
  readonly record: NormRecord
  readonly plan: Plan
  readonly options: Readonly<Record<string, unknown>>
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

/** @param stats the statistics to use, else x's own. */
export function normalize(call: Call, stats: CellStatistics | null): { y: Tensor; saved: SavedCall } {
  const normalized = forward(specOf(call), call.x.data, stats)
  return { y: normalized.y, saved: new SavedCall(call, normalized.stats) }
}

/** In the type of x. */
export function tensorLike({ data }: Tensor, values: ArrayLike<number>, shape: readonly number[]): Tensor {
  const typed = zerosLike(data, values.length)
  typed.set(values)
  return { data: typed, shape: shape.slice() }
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
  const { dx, ...rest } = backward(specOf(call), call.x.data, dy.data, stats, given)
  const gradients: Record<string, Tensor> = { dx }
  if (rest.dgamma) gradients.dgamma = tensorLike(call.x, rest.dgamma, call.given.gamma.shape)
  if (rest.dbeta) gradients.dbeta = tensorLike(call.x, rest.dbeta, call.given.beta.shape)
  return { gradients, ofStatistics: rest }
}

/** @throws NormlabError where `saved` is not the record's, or `dy` not of its shape. */
export function checkPull(record: NormRecord, dy: Tensor, saved: Saved): void {
  const ours = saved?.call?.record === record
  const shape = ours ? saved.call.x.shape : []
  // As it should be. Detached data have length 0.
  if (ours && isFloats(dy?.data) && dy.data.length === saved.plan.size && dy.data.length > 0)
    if (sameList(dy.shape, shape)) return
  checkTensor('dy', dy)
  if (!ours)
    throw new NormlabError(
      'saved',
      `it is not from ${record.name}.forward`,
      "Give the saved of this variant's own forward",
    )
  if (!sameList(dy.shape, shape))
    throw new NormlabError('dy.shape', show([...dy.shape]), `Give y's shape, ${show([...shape])}`)
}

export const plain: Runner = {
  known: () => [],
  forward: (bound, x, params) => normalize(callOf(bound, x, params), null),
  backward: (dy, saved) => differentiate(dy, saved as SavedCall, false).gradients,
  initState({ record }) {
    throw new NormlabError('state', `${record.name} keeps no state`, 'Leave the state out')
  },
}
