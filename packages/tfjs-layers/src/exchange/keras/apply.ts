import * as tf from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'

interface Fused {
  activation: { apply(x: tf.Tensor): tf.Tensor }
}
const known = new Map<string, Fused['activation']>()

/** An activation function by its name in a layer's config. */
export function applyNamed(name: unknown, x: tf.Tensor): tf.Tensor {
  if (typeof name !== 'string' || name === 'linear') return x
  const made =
    known.get(name) ?? (layers.activation({ activation: name as 'relu' }) as unknown as Fused).activation
  known.set(name, made)
  return made.apply(x)
}
