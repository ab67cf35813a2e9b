/** Convolutions of groups of channels: Keras's `groups`. */
import * as tf from '@tensorflow/tfjs-core'
import type { Config } from '../json.ts'
import { applyNamed } from './apply.ts'
import type { Kind } from './composite.ts'

type Two = [number, number]
/** Of an axis, or two. */
const pair = (value: unknown): Two => {
  const [a, b] = [value].flat() as number[]
  return [a, b ?? 1]
}

function convolve(x: tf.Tensor4D, kernel: tf.Tensor4D, config: Config, flat: boolean): tf.Tensor4D {
  const groups = config.groups as number
  const each = (value: unknown): Two => (flat ? [pair(value)[0], 1] : pair([value, value].flat().slice(0, 2)))
  const [stride, rate] = [each(config.strides ?? 1), each(config.dilationRate ?? 1)]
  const [padding, before] = padded(x, kernel, config, rate)
  const filters = kernel.shape[3]
  // A group of each channel is what tfjs calls depthwise: [h, w, 1, c m] there is [h, w, c, m] here.
  if (kernel.shape[2] === 1) {
    const own = tf.reshape(kernel, [kernel.shape[0], kernel.shape[1], groups, filters / groups])
    return tf.depthwiseConv2d(before, own as tf.Tensor4D, stride, padding, 'NHWC', rate)
  }
  const parts = tf.split(before, groups, 3) as tf.Tensor4D[]
  const kernels = tf.split(kernel, groups, 3)
  return tf.concat(
    parts.map((part, i) => tf.conv2d(part, kernels[i] as tf.Tensor4D, stride, padding, 'NHWC', rate)),
    3,
  )
}

function padded(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  config: Config,
  rate: Two,
): ['same' | 'valid', tf.Tensor4D] {
  if (config.padding !== 'causal') return [config.padding as 'same' | 'valid', x]
  const zeros: Two = [rate[0] * (kernel.shape[0] - 1), 0]
  return ['valid', tf.pad(x, [[0, 0], zeros, [0, 0], [0, 0]])]
}

const grouped = (axes: 1 | 2): Kind => ({
  weights(config, [shape]) {
    const first = config.dataFormat === 'channelsFirst'
    const channels = (first ? shape[1] : shape.at(-1))!
    const size = [config.kernelSize].flat() as number[]
    const taps = size.length === axes ? size : Array.from({ length: axes }, () => size[0])
    const kernel = [...taps, channels / (config.groups as number), config.filters as number]
    const own: (readonly [string, number[]])[] = [['vars/0', kernel]]
    return config.useBias === false ? own : [...own, ['vars/1', [config.filters as number]]]
  },
  call([given], [kernel, bias], config) {
    const first = config.dataFormat === 'channelsFirst'
    const order = axes === 1 ? [0, 2, 1] : [0, 2, 3, 1]
    const last = first ? tf.transpose(given, order) : given
    const flat = axes === 1
    const x = (flat ? tf.expandDims(last, 2) : last) as tf.Tensor4D
    const filter = (flat ? tf.expandDims(kernel, 1) : kernel) as tf.Tensor4D
    const full = convolve(x, filter, config, flat)
    const y: tf.Tensor = flat ? tf.squeeze(full, [2]) : full
    const done = applyNamed(config.activation, bias ? tf.add(y, bias) : y)
    return first ? tf.transpose(done, axes === 1 ? [0, 2, 1] : [0, 3, 1, 2]) : done
  },
})

export const groupedConvolutions: Readonly<Record<string, Kind>> = {
  GroupedConv1D: grouped(1),
  GroupedConv2D: grouped(2),
}
