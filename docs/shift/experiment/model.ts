import { layers } from '@normlab/tfjs-layers'
import * as tf from '@tensorflow/tfjs-core'
import { layers as tfLayers, sequential, type Sequential } from '@tensorflow/tfjs-layers'
import { groupsFor, type NormName, type RunConfig } from './config.ts'
import { normal, uniform } from './random.ts'

const normalization = {
  batch: (name: string) => layers.batchNormalization({ axis: -1, momentum: 0.9, epsilon: 1e-3, name }),
  layer: (name: string) => layers.layerNormalization({ axis: -1, epsilon: 1e-3, name }),
  group: (name: string, width: number) =>
    layers.groupNormalization({ groups: groupsFor(width), epsilon: 1e-3, name }),
  rms: (name: string) => layers.rmsNormalization({ axis: -1, epsilon: 1e-3, name }),
}

/** A linear layer, a normalization (or none), an activation: `depth` times; then one linear layer to the classes. */
export function buildNetwork(run: RunConfig, norm: NormName, features: number, classes: number): Sequential {
  const model = sequential()
  for (let layer = 1; layer <= run.depth; layer++) {
    const first = layer === 1 ? { inputShape: [features] } : {}
    model.add(tfLayers.dense({ units: run.width, name: `linear${layer}`, ...first }))
    if (norm !== 'none') model.add(normalization[norm](`norm${layer}`, run.width))
    model.add(tfLayers.activation({ activation: run.activation, name: `activation${layer}` }))
  }
  model.add(tfLayers.dense({ units: classes, name: 'classes' }))
  startFrom(model, run)
  model.compile({ optimizer: tf.train.sgd(run.rate), loss: crossEntropy })
  return model
}

/** Scores in, so that a loss that blows up is seen to do so. */
const crossEntropy = (labels: tf.Tensor, scores: tf.Tensor): tf.Tensor =>
  tf.losses.softmaxCrossEntropy(labels, scores) as tf.Tensor

/** Weights drawn by the seed alone: the network without normalization and the one with it start alike. */
function startFrom(model: Sequential, { seed, activation }: RunConfig): void {
  const next = normal(uniform(seed ^ 0x3c6e))
  for (const layer of model.layers) {
    if (layer.getClassName() !== 'Dense') continue
    const [from, to] = layer.weights[0].shape as [number, number]
    const deviation = activation === 'relu' ? Math.sqrt(2 / from) : Math.sqrt(2 / (from + to))
    const kernel = tf.tensor2d(
      Float32Array.from({ length: from * to }, () => deviation * next()),
      [from, to],
    )
    const bias = tf.zeros([to])
    layer.setWeights([kernel, bias])
    kernel.dispose()
    bias.dispose()
  }
}
