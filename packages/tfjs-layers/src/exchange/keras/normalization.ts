/** Keras's Normalization, of features by a mean and a variance that were adapted; keras/src/layers/preprocessing. */
import * as tf from '@tensorflow/tfjs-core'
import type { Shape } from '../../shape.ts'
import type { Config } from '../json.ts'
import type { Kind } from './composite.ts'

/** Given mean and variance, or those in the file: (x - mean) / max(sqrt(variance), 1e-7). */
export const normalization: Kind = {
  weights(config, [shape]) {
    if (config.mean !== null && config.mean !== undefined) return []
    const size = keptSizes(config, shape)
    return [
      ['vars/0', size],
      ['vars/1', size],
      ['vars/2', []],
    ]
  },
  call([x], weights, config) {
    const spread = (value: tf.Tensor) => tf.reshape(value, keptShape(config, x.shape, value.size))
    const given = (key: 'mean' | 'variance', i: number) =>
      spread(weights[i] ?? tf.tensor(config[key] as number[]))
    const [mean, variance] = [given('mean', 0), given('variance', 1)]
    const std = tf.maximum(tf.sqrt(variance), 1e-7)
    return config.invert ? tf.add(mean, tf.mul(x, std)) : tf.div(tf.sub(x, mean), std)
  },
  outputShape: (_, [shape]) => shape,
}
const axesOf = ({ axis }: Config, rank: number): number[] =>
  (axis === null || axis === undefined ? [] : [axis].flat()).map((a) => ((a as number) + rank) % rank)
const keptSizes = (config: Config, shape: Shape): number[] =>
  axesOf(config, shape.length).map((axis) => shape[axis] ?? 1)
function keptShape(config: Config, shape: number[], size: number): number[] {
  if (size === 1) return shape.map(() => 1)
  const axes = axesOf(config, shape.length)
  return shape.map((each, i) => (axes.includes(i) ? each : 1))
}
