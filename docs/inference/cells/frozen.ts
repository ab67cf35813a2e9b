import { assert, near, table } from '@normlab/cell'
import { layers } from '@normlab/tfjs-layers'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { layers as stock, sequential } from '@tensorflow/tfjs-layers'

await tf.setBackend('cpu')
// A batch with mean 2 and variance 1. The kept statistics are 0 and 1, and the layer is held still.
const x = tf.tensor2d([1, 1, 3, 3], [4, 1])
const y = tf.tensor2d([0, 0, 0, 0], [4, 1])

/** One step of training, as it is done to a model whose BatchNorm is frozen. */
async function keptAfter(norm: stock.Layer) {
  const model = sequential({ layers: [norm, stock.dense({ units: 1 })] })
  norm.trainable = false
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
  await model.fit(x, y, { epochs: 1, batchSize: 4, shuffle: false, verbose: 0 })
  const [, , mean, variance] = norm.getWeights().map((weight) => weight.dataSync()[0])
  return { mean, variance }
}
export const theirs = await keptAfter(stock.batchNormalization({ inputShape: [1] }))
export const ours = await keptAfter(layers.batchNormalization({ inputShape: [1] }))
table(
  [
    { layer: 'tf.layers, trainable = false', 'kept mean': theirs.mean, 'kept variance': theirs.variance },
    { layer: '@normlab/tfjs-layers, the same', 'kept mean': ours.mean, 'kept variance': ours.variance },
  ],
  { digits: 3, caption: 'After one step on a batch with mean 2; before it they were 0 and 1' },
)
assert(near(ours.mean, 0) && near(ours.variance, 1), 'ours keeps what it had')
assert(!near(theirs.mean, 0), 'TensorFlow.js’s own has moved')
