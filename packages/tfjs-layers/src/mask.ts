import * as tf from '@tensorflow/tfjs-core'
import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { NormlabError, show } from './errors.ts'

/**
 * A mask as weights of x's shape, as Keras 3 reads it: of x's shape but for its last axis, over which it is spread.
 * @throws NormlabError naming `mask`.
 */
function maskWeights(mask: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const wanted = x.shape.slice(0, -1)
  // What tfjs's merging layers hand on has a 1 before it.
  if (String(mask.shape) !== String(wanted) && String(mask.shape) !== String([1, ...wanted]))
    throw new NormlabError(
      'mask.shape',
      show(mask.shape),
      `Give ${show(wanted)}: x's shape ${show(x.shape)} without its last axis`,
    )
  const features = x.shape.at(-1)!
  const column = tf.reshape(tf.cast(mask, 'float32'), [-1, 1])
  return tf.reshape(tf.mul(column, tf.ones([1, features])), x.shape)
}

const fits = (mask: tf.Tensor, x: tf.Tensor): boolean => String(mask.shape) === String(x.shape.slice(0, -1))

/**
 * True where a mask comes to a layer of a model, or where it stands alone. tfjs hands the last mask that there was to
 * every layer after it, also behind layers that end it, such as an LSTM that returns its last output.
 */
function reachesMask(layer: layers.Layer): boolean {
  const nodes = layer.inboundNodes
  return nodes.length === 0 || nodes.some(({ inputTensors }) => inputTensors.some(isMasked))
}

function isMasked({ sourceLayer, nodeIndex, inputs }: SymbolicTensor): boolean {
  const source = sourceLayer as layers.Layer & {
    maskZero?: boolean
    returnSequences?: boolean
    layers?: unknown
  }
  if (!source.supportsMasking) return false
  const name = source.getClassName()
  if (name === 'Masking' || source.layers !== undefined) return true
  if (name === 'Embedding') return source.maskZero === true
  if (source.returnSequences === false) return false
  return (source.inboundNodes[nodeIndex]?.inputTensors ?? inputs).some(isMasked)
}

/**
 * A mask as weights of x's shape; undefined where it is not for this layer.
 * @param given of the call: one mask, or those of all inputs.
 * @param alone in a call of the layer itself: wrappers hand on masks of their own input, which need not fit.
 * @throws NormlabError naming `mask`.
 */
export function weightsFor(
  layer: layers.Layer,
  given: unknown,
  x: tf.Tensor,
  alone: boolean,
): tf.Tensor | undefined {
  const mask = (Array.isArray(given) ? given[0] : given) as tf.Tensor | null | undefined
  if (!mask || !reachesMask(layer) || (!alone && !fits(mask, x))) return undefined
  return maskWeights(mask, x)
}
