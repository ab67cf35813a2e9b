/** Runs a record on the float64 reference: the oracle of every test, and the path of Float64Array inputs. */
import type { Laid } from './boundary.ts'
import { allParams, mapValues } from './initial.ts'
import type { Plan } from './plan.ts'
import { Reference, type Value } from './reference.ts'
import { standardize } from './standardize.ts'
import type { NormRecord } from './variant.ts'

export interface OracleCall {
  readonly record: NormRecord
  readonly plan: Plan
  readonly x: ArrayLike<number>
  readonly params: Readonly<Record<string, Laid>>
  readonly options: Readonly<Record<string, unknown>>
  readonly weights?: Laid
  /** Running statistics by name. Used instead of x's own when `training` is false. */
  readonly state?: Readonly<Record<string, Laid>>
  readonly training: boolean
  /** Values for `stopGradient`, from an earlier run. */
  readonly replay?: readonly Float64Array[]
}

export interface OracleResult {
  readonly t: Reference
  readonly x: Value
  readonly params: Readonly<Record<string, Value>>
  readonly state: Readonly<Record<string, Value>>
  readonly y: Value
  /** Statistics of each cell, where the record's own fields describe the forward. */
  readonly mean?: Value
  readonly variance?: Value
  /** New state, where `apply` returns one. */
  readonly nextState?: Readonly<Record<string, Value>>
}

export function consult(call: OracleCall): OracleResult {
  const { record, plan, options } = call
  const t = new Reference(plan.dims, call.replay)
  const leaves = (laid: Readonly<Record<string, Laid>> = {}): Record<string, Value> =>
    mapValues(laid, ({ data, spread }) => t.leaf(data, spread))
  const x = t.leaf(
    call.x,
    plan.dims.map((dim) => dim.size),
  )
  // A forward of its own may count on all parameters.
  const all = leaves(record.apply ? allParams(call, plan) : call.params)
  const params = mapValues(call.params, (_, name) => all[name])
  const state = leaves(call.state)
  if (record.apply) {
    const { y, state: nextState } = record.apply(t, x, all, state, {
      ...options,
      training: call.training,
    })
    return { t, x, params, state, y, nextState }
  }
  const given = call.training || !call.state ? undefined : { mean: state.mean, variance: state.variance }
  const weights = call.weights && t.leaf(call.weights.data, call.weights.spread)
  const keep = plan.pattern.keep.join(' ')
  return {
    t,
    x,
    params,
    state,
    ...standardize(t, record, keep, x, params, { epsilon: Number(options.epsilon ?? 0), weights, given }),
  }
}
