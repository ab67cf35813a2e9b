/** Runs records with a forward of their own: on their kernel where they have one, else on the tape. */
import { initialValues, spreadAlong, stridesWhere, type Laid } from './boundary.ts'
import type { Call, Saved } from './call.ts'
import { consult } from './oracle.ts'
import { product } from './plan.ts'
import { tensorLike } from './run.ts'
import type { Tensor } from './tensor.ts'

/** A kernel of its own has no gradient of given statistics. */
const usesKernel = ({ record, x, training, state }: Call): boolean =>
  record.kernel !== undefined && x.data instanceof Float32Array && (training || state === undefined)

/** Every parameter of the record: those of the call, and the others at their initial values. */
function allParams({ record, params, plan }: Call): Record<string, Laid> {
  const all: Record<string, Laid> = { ...params }
  for (const [name, param] of Object.entries(record.params)) {
    const spread = spreadAlong(plan, param.along)
    all[name] ??= {
      data: initialValues(param, product(spread)),
      spread,
      strides: stridesWhere(spread),
    }
  }
  return all
}

type Values = Readonly<Record<string, ArrayLike<number>>>
const dataOf = (values: Readonly<Record<string, { data: Float64Array }>>): Values =>
  Object.fromEntries(Object.entries(values).map(([name, { data }]) => [name, data]))

export function runOwn(call: Call): { y: Tensor; saved: Saved; state?: object } {
  const { record, plan, x, training, old } = call
  let y: Tensor
  let saved: Saved
  let state: Values | undefined
  if (usesKernel(call)) {
    const own = record.kernel!({
      ...call,
      x: x.data,
      params: allParams(call),
      state: call.state,
      training: training!,
    })
    y = { data: own.y, shape: x.shape.slice() }
    saved = { plan, call, own }
    state = own.state
  } else {
    const oracle = consult({ ...call, x: x.data, training: training! })
    y = tensorLike(x, oracle.y.data, x.shape)
    saved = { plan, call, oracle }
    state = oracle.nextState && dataOf(oracle.nextState)
  }
  if (!old) return { y, saved }
  const next = training && state ? { ...tensors(call, state, old as never), count: old.count + 1 } : old
  return { y, saved, state: next }
}

/** Values by name, in the shapes of `like`. */
const tensors = (
  { x }: Call,
  values: Values,
  like: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(values).map(([name, data]) => [name, tensorLike(x, data, like[name].shape)]),
  )

export function pullOwn(dy: Tensor, { call, own, oracle, plan }: Saved): object {
  const { x } = call
  if (own) {
    const { x: dx, ...rest } = own.backward(dy.data)
    return { dx: { data: dx, shape: x.shape.slice() }, ...gradients(call, rest) }
  }
  const { t, params, state, y } = oracle!
  const constants = !call.training && call.state ? state : {}
  const leaves = [oracle!.x, ...Object.values(params), ...Object.values(constants)]
  const [dx, ...pulled] = t.gradients(y, t.leaf(dy.data, y.shape), leaves).map(({ data }) => data)
  const named = (names: string[], from: number) =>
    Object.fromEntries(names.map((name, i) => [name, pulled[from + i]]))
  const names = Object.keys(params)
  const ofState = Object.keys(constants)
  return {
    dx: tensorLike(x, dx, plan.shape),
    ...gradients(call, named(names, 0)),
    ...(ofState.length && { dstate: tensors(call, named(ofState, names.length), call.old as never) }),
  }
}

/** Of the parameters that the call gives. */
function gradients(call: Call, values: Values): Record<string, Tensor> {
  const chosen = Object.entries(values).filter(([name]) => name in call.params)
  const all = tensors(call, Object.fromEntries(chosen), call.given)
  return Object.fromEntries(Object.entries(all).map(([name, tensor]) => [`d${name}`, tensor]))
}
