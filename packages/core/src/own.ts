/** Runs records with a forward of their own: on their kernel where they have one, else on the tape. */
import type { Call, Saved } from './call.ts'
import { allParams, gradients, mapValues, tensors, type Arrays } from './initial.ts'
import { consult } from './oracle.ts'
import { tensorLike, type Tensor } from './tensor.ts'

/** A kernel of its own has no gradient of given statistics. */
const usesKernel = ({ record, x, training, state }: Call): boolean =>
  record.kernel !== undefined && x.data instanceof Float32Array && (training || state === undefined)

export function runOwn(call: Call): { y: Tensor; saved: Saved; state?: object } {
  const { record, plan, x, training, old } = call
  let y: Tensor
  let saved: Saved
  let state: Arrays | undefined
  if (usesKernel(call)) {
    const own = record.kernel!({
      ...call,
      x: x.data,
      params: allParams(call, plan),
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
    state = oracle.nextState && mapValues(oracle.nextState, ({ data }) => data)
  }
  if (!old) return { y, saved }
  const next = training && state ? { ...tensors(call, state, old as never), count: old.count + 1 } : old
  return { y, saved, state: next }
}

export function pullOwn(dy: Tensor, { call, own, oracle, plan }: Saved): object {
  const { x } = call
  if (own) {
    const { x: dx, ...rest } = own.backward(dy.data)
    return { dx: { data: dx, shape: x.shape.slice() }, ...gradients(call, rest) }
  }
  const { t, params, state, y } = oracle!
  // Given statistics are constants of the forward, and have gradients of their own.
  const given = !call.training && call.state !== undefined
  const leaves = [oracle!.x, ...Object.values(params), ...(given ? Object.values(state) : [])]
  const pulled = t.gradients(y, t.leaf(dy.data, y.shape), leaves)
  const of = (values: typeof params) => mapValues(values, (leaf) => pulled[leaves.indexOf(leaf)].data)
  return {
    dx: tensorLike(x, pulled[0].data, plan.shape),
    ...gradients(call, of(params)),
    ...(given && { dstate: tensors(call, of(state), call.old as never) }),
  }
}
