import * as tf from '@tensorflow/tfjs-core'
import { NormlabError, show } from './errors.ts'

/**
 * A mask as weights of x's shape, as Keras 3 reads it: of x's shape but for its last axis, over which it is spread.
 * @throws NormlabError naming `mask`.
 */
export function maskWeights(mask: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const wanted = x.shape.slice(0, -1)
  if (String(mask.shape) !== String(wanted))
    throw new NormlabError(
      'mask.shape',
      show(mask.shape),
      `Give ${show(wanted)}: x's shape ${show(x.shape)} without its last axis`,
    )
  const features = x.shape.at(-1)!
  const column = tf.reshape(tf.cast(mask, 'float32'), [-1, 1])
  return tf.reshape(tf.mul(column, tf.ones([1, features])), x.shape)
}
