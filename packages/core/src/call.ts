/** A checked call, and what it leaves for backward. */
import { layBroadcast, layParams, type Laid } from './boundary.ts'
import { NormlabError } from './errors.ts'
import type { OwnResult } from './kernels/own/kernel.ts'
import type { OracleResult } from './oracle.ts'
import type { Plan } from './plan.ts'
import { initialState, layState, stateParams, type VariantState } from './running.ts'
import type { Tensor } from './tensor.ts'
import type { NormRecord } from './variant.ts'

/** What backward needs of a forward. It refers to x and the parameters: do not change them in between. */
export interface Saved<P = unknown> {
  readonly plan: Plan
  /** One entry a cell, in the order of the kept axes. Absent for variants with a forward of their own. */
  readonly mean?: Float64Array
  /** Biased. */
  readonly variance?: Float64Array
  readonly rstd?: Float64Array
  /** @internal */ readonly call: Call
  /** @internal */ readonly oracle?: OracleResult
  /** @internal */ readonly own?: OwnResult
  /** Type only: which parameters were given. */
  readonly params?: P
}

/** @internal */
export interface Call {
  readonly record: NormRecord
  readonly x: Tensor
  readonly params: Readonly<Record<string, Laid>>
  readonly paramShapes: Readonly<Record<string, readonly number[]>>
  readonly options: Readonly<Record<string, unknown>>
  readonly weights: Laid | undefined
  readonly state: Readonly<Record<string, Laid>> | undefined
  readonly stateShapes: Readonly<Record<string, readonly number[]>>
  readonly training: boolean
  /** The state before this call, where the variant keeps one. */
  readonly old: VariantState | undefined
}

/** @throws NormlabError naming the argument. */
export function prepare(
  record: NormRecord,
  plan: Plan,
  x: Tensor,
  params: unknown,
  options: Record<string, unknown>,
): Call {
  const kept = stateParams(record)
  const training = options.training !== false
  if (kept && !training && options.state === undefined)
    throw new NormlabError('state', 'missing at inference', 'Give the state that training returned')
  const old = kept && ((options.state as VariantState | undefined) ?? initialState(plan, record))
  const weights = options.weights === undefined ? undefined : layBroadcast('weights', options.weights, plan)
  if (weights?.data.some((weight) => !(weight >= 0 && weight < Infinity)))
    throw new NormlabError('weights', 'a weight is negative, infinite or NaN', 'Give weights of 0 or greater')
  return {
    record,
    x,
    params: layParams(record, params, plan),
    paramShapes: Object.fromEntries(
      Object.entries(params as Record<string, Tensor>).map(([name, value]) => [name, value?.shape]),
    ),
    options: { ...options, ...decayWeight(options, old) },
    weights,
    state: old && layState(old, plan, record),
    stateShapes: Object.fromEntries(
      Object.keys(kept ?? {}).map((name) => [name, (old![name] as Tensor).shape]),
    ),
    training,
    old,
  }
}

/** A cumulative average gives each batch the same weight: the old value counts for all that came before. */
function decayWeight({ decay }: Record<string, unknown>, old: VariantState | undefined): { decay?: number } {
  return decay === 'cumulative' && old ? { decay: old.count / (old.count + 1) } : {}
}
