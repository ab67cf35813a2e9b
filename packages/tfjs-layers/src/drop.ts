/** Inverted dropout: by the backend's kernel, which draws the mask as it goes, or with a mask that is there already. */
import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from './gradient.ts'
import { DROPOUT, DROPOUT_GRAD, hasKernel, runKernel, type DropoutAttrs } from './kernels/contract.ts'

/**
 * Each element of x for itself, in core's mask of seed and step. The gradient has the mask from the forward, or draws it again.
 * @returns undefined where the backend has no kernel.
 */
export function dropElements(x: tf.Tensor, attrs: DropoutAttrs): tf.Tensor | undefined {
  if (!hasKernel(DROPOUT, attrs)) return undefined
  const draw = (t: tf.Tensor): tf.Tensor =>
    withGradient([t], ([value], save) => {
      const [y, ...masks] = runKernel(DROPOUT, { x: value }, attrs)
      save(masks)
      return { value: y, pull: (dy, [mask]) => [mask ? drawn(dy, mask) : draw(dy)] }
    })
  const drawn = (t: tf.Tensor, mask: tf.Tensor): tf.Tensor =>
    withGradient([t], ([dy], save) => {
      save([mask])
      const [dx] = runKernel(DROPOUT_GRAD, { dy, mask }, attrs)
      return { value: dx, pull: (up, [same]) => [drawn(up, same)] }
    })
  return draw(x)
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
