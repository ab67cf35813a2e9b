/** Small layers of Keras 3 that TensorFlow.js 4.22 lacks; keras/src/layers. */
import * as tf from '@tensorflow/tfjs-core'
import type { Config } from '../json.ts'
import { attention, multiHeadAttention } from './attention.ts'
import type { Kind } from './composite.ts'
import { convolutions1d } from './convolutions1d.ts'
import { einsumDense } from './einsum.ts'
import { groupedConvolutions } from './grouped.ts'
import { normalization } from './normalization.ts'

type Pair = [number, number]
const pairsOf = (given: unknown, rank: number): Pair[] => {
  const list = Array.isArray(given) ? given : Array.from({ length: rank }, () => given)
  const own = rank === 1 && typeof list[0] === 'number' && list.length === 2 ? [list] : list
  return own.map((each) => (Array.isArray(each) ? (each as Pair) : [each as number, each as number]))
}

/** Axes of the positions of x. */
const spatial = ({ rank }: tf.Tensor, config: Config): number[] => {
  const first = config.dataFormat === 'channelsFirst' ? 2 : 1
  return Array.from({ length: rank - 2 }, (_, i) => i + first)
}

const pad: Kind = {
  call([x], _, config) {
    const paddings: Pair[] = x.shape.map(() => [0, 0])
    const pairs = pairsOf(config.padding, x.rank - 2)
    spatial(x, config).forEach((axis, i) => (paddings[axis] = pairs[i]))
    return tf.pad(x, paddings)
  },
}

const crop: Kind = {
  call([x], _, config) {
    const [begin, size] = [x.shape.map(() => 0), [...x.shape]]
    const pairs = pairsOf(config.cropping, x.rank - 2)
    spatial(x, config).forEach((axis, i) => {
      begin[axis] = pairs[i][0]
      size[axis] -= pairs[i][0] + pairs[i][1]
    })
    return tf.slice(x, begin, size)
  },
}

/** Each position as often as `size` says, along each axis in turn. */
const repeat: Kind = {
  call([x], _, config) {
    const sizes = [config.size].flat() as number[]
    return spatial(x, config).reduce((y, axis, i) => {
      const times = sizes[i] ?? sizes[0]
      const spread = Array.from({ length: times }, () => tf.expandDims(y, axis + 1))
      return tf.reshape(
        tf.concat(spread, axis + 1),
        y.shape.map((size, j) => (j === axis ? size * times : size)),
      )
    }, x)
  },
}

/** Keras takes a pixel's middle as its place; TensorFlow.js's layer takes its corner. */
const bilinear: Kind = {
  call([x], _, config) {
    const [height, width] = [config.size].flat() as number[]
    const first = config.dataFormat === 'channelsFirst'
    const last = (first ? tf.transpose(x, [0, 2, 3, 1]) : x) as tf.Tensor4D
    const size: [number, number] = [last.shape[1] * height, last.shape[2] * (width ?? height)]
    const y = tf.image.resizeBilinear(last, size, false, true)
    return first ? tf.transpose(y, [0, 3, 1, 2]) : y
  },
}

const globally = (reduce: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor): Kind => ({
  call([x], _, config, { mask }) {
    const axes = spatial(x, config)
    const keep = Boolean(config.keepdims)
    if (!mask || axes.length > 1) return reduce(x, axes, keep)
    const weights = tf.expandDims(tf.cast(mask, 'float32'), -1)
    return tf.div(tf.sum(tf.mul(x, weights), axes, keep), tf.sum(weights, axes, keep))
  },
})

const activation: Kind = {
  masks: true,
  // keras/src/layers/activations/relu.py: values from threshold on, at most maxValue; below, slope (x - threshold).
  call([x], _, config) {
    const { maxValue, negativeSlope, threshold } = config as Record<string, number | null>
    const limit = threshold ?? 0
    const above = tf.where(tf.greaterEqual(x, limit), x, tf.zerosLike(x))
    const below = tf.mul(tf.minimum(tf.sub(x, limit), 0), negativeSlope ?? 0)
    return tf.add(maxValue === null || maxValue === undefined ? above : tf.minimum(above, maxValue), below)
  },
  outputShape: (_, [shape]) => shape,
}

const identity: Kind = { masks: true, call: ([x]) => tf.clone(x), outputShape: (_, [shape]) => shape }

const inferredReshape: Kind = {
  call: ([x], _, config) => tf.reshape(x, [x.shape[0], ...(config.targetShape as number[])]),
}

const scaledElu: Kind = {
  masks: true,
  call: ([x], _, { alpha }) =>
    tf.where(tf.greater(x, 0), x, tf.mul(tf.expm1(tf.minimum(x, 0)), alpha as number)),
  outputShape: (_, [shape]) => shape,
}

/** TensorFlow.js has it over the last axis. */
const axisSoftmax: Kind = {
  masks: true,
  call([x], _, { axis }) {
    const axes = [axis].flat() as number[]
    const shares = tf.exp(tf.sub(x, tf.max(x, axes, true)))
    return tf.div(shares, tf.sum(shares, axes, true))
  },
  outputShape: (_, [shape]) => shape,
}

const subtract: Kind = { call: ([a, b]) => tf.sub(a, b) }

/** By their names in Keras; what Keras has as a case of a layer, by a name of its own. */
export const kinds: Readonly<Record<string, Kind>> = {
  Identity: identity,
  BilinearUpSampling2D: bilinear,
  ThresholdReLU: activation,
  Normalization: normalization,
  EinsumDense: einsumDense,
  MultiHeadAttention: multiHeadAttention,
  Attention: attention,
  Subtract: subtract,
  InferredReshape: inferredReshape,
  ScaledELU: scaledElu,
  AxisSoftmax: axisSoftmax,
  ZeroPadding1D: pad,
  ZeroPadding3D: pad,
  Cropping1D: crop,
  Cropping3D: crop,
  UpSampling1D: repeat,
  UpSampling3D: repeat,
  ...Object.fromEntries(['1D', '2D', '3D'].map((d) => [`GlobalAveragePooling${d}`, globally(tf.mean)])),
  ...Object.fromEntries(
    ['1D', '2D', '3D'].map((d) => [
      `GlobalMaxPooling${d}`,
      globally((x, axes, keep) => tf.max(x, axes, keep)),
    ]),
  ),
  ...convolutions1d,
  ...groupedConvolutions,
}
