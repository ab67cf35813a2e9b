/** A call of a variant on the float64 reference, with its tape open: for checks of gradients, first and second. */
import { planCall, resolveOptions } from '../boundary.ts'
import { fullCall } from '../full.ts'
import type { AnyNorm } from '../normTypes.ts'
import { consult, type OracleResult } from '../oracle.ts'
import type { Tensor } from '../tensor.ts'

export interface Inputs {
  readonly x: Tensor
  readonly params?: Readonly<Record<string, Tensor>>
  readonly options?: Readonly<Record<string, unknown>>
}

/** @param replay values of `stopGradient` from an earlier trace, to hold them fixed. */
export function trace(
  variant: AnyNorm,
  { x, params = {}, options = {} }: Inputs,
  replay?: readonly Float64Array[],
): OracleResult {
  const known = ['training', 'state', 'decay', 'variance', 'weights']
  const resolved = resolveOptions(variant, options, known)
  const plan = planCall(variant.stats ?? 'n s c -> n s c', x.shape, resolved)
  const call = fullCall(
    { record: variant, plan, options: resolved },
    x,
    params,
    resolved.state,
    resolved.weights,
  )
  return consult({ ...call, x: x.data, training: call.training!, replay })
}

/** The differentiable inputs of a trace, by name. */
export function leavesOf({ x, params }: OracleResult): Record<string, OracleResult['x']> {
  return { x, ...params }
}
