/** Inverted dropout: by the backend's kernel, which draws the mask as it goes, or with a mask that is there already. */
import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from './gradient.ts'
import { DROPOUT, hasKernel, runKernel, type DropoutAttrs } from './kernels/contract.ts'

/**
 * Each element of x for itself, in core's mask of seed and step. The gradient draws it again.
 * @returns undefined where the backend has no kernel.
 */
export function dropElements(x: tf.Tensor, attrs: DropoutAttrs): tf.Tensor | undefined {
  if (!hasKernel(DROPOUT, attrs)) return undefined
  const run = (t: tf.Tensor): tf.Tensor =>
    withGradient([t], ([value]) => ({
      value: runKernel(DROPOUT, { x: value }, attrs)[0],
      pull: (dy) => [run(dy)],
    }))
  return run(x)
}

/** Inverted dropout. Not a product with the mask: a dropped NaN or infinite value is 0. */
export function drop(x: tf.Tensor, draw: tf.Tensor, rate: number): tf.Tensor {
  const kept = tf.notEqual(draw, tf.zerosLike(draw))
  const mask = draw.size === x.size ? kept : tf.broadcastTo(kept, x.shape)
  const scale = rate < 1 ? 1 / (1 - rate) : 0
  const chosen = (t: tf.Tensor, keep: tf.Tensor) => tf.where(keep, tf.mul(t, scale), tf.zerosLike(t))
  return withGradient([x], ([value], save) => {
    save([mask])
    return { value: chosen(value, mask), pull: (dy, [keep]) => [chosen(dy, keep)] }
  })
}
