/** TensorFlow broadcasts where at most five stretches of dimensions take turns: x of rank 6 may want another order. */
import * as tf from '@tensorflow/tfjs-core'
import type { Folded } from './fold.ts'

const MOST = 5

export interface Gathered {
  readonly dims: Folded
  /** From the order of the folded dimensions to that of `dims`, and back. Sizes of 1 stay with their dimensions. */
  turn(t: tf.Tensor): tf.Tensor
  back(t: tf.Tensor): tf.Tensor
}

const asIs = (t: tf.Tensor): tf.Tensor => t
const orders = new WeakMap<Folded, Gathered>()

/** On tensorflow, and with many dimensions: those of one axis together. Elsewhere as they are. */
export function gather(dims: Folded): Gathered {
  if (dims.length <= MOST || tf.getBackend() !== 'tensorflow') return { dims, turn: asIs, back: asIs }
  const known = orders.get(dims)
  if (known) return known
  const first = (dim: number) => dims.findIndex(({ names }) => names[0] === dims[dim].names[0])
  const order = dims.map((_, dim) => dim).toSorted((a, b) => first(a) - first(b) || a - b)
  const inverse = order.map((_, dim) => order.indexOf(dim))
  const made = {
    dims: order.map((dim) => dims[dim]),
    turn: (t: tf.Tensor) => tf.transpose(t, order),
    back: (t: tf.Tensor) => tf.transpose(t, inverse),
  }
  orders.set(dims, made)
  return made
}
