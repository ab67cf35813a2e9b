/** Convolutions over one axis that TensorFlow.js has over two: the second has size 1. */
import * as tf from '@tensorflow/tfjs-core'
import { NormlabError, show } from '../../errors.ts'
import type { Config } from '../json.ts'
import { applyNamed } from './apply.ts'
import type { Kind } from './composite.ts'

const first = (value: unknown): number => [value].flat()[0] as number

function settings(config: Config) {
  const padding = config.padding as 'same' | 'valid' | 'causal'
  if (config.dataFormat === 'channelsFirst')
    throw new NormlabError('data_format', show('channels_first'), 'Give channels_last')
  return {
    size: first(config.kernelSize),
    stride: first(config.strides ?? 1),
    rate: first(config.dilationRate ?? 1),
    padding: padding === 'causal' ? ('valid' as const) : padding,
    causal: padding === 'causal',
    biased: config.useBias !== false,
  }
}

/** [n, t, c] -> [n, t, 1, c], with zeros before it where the convolution is causal. */
const open = (x: tf.Tensor, { causal, size, rate }: ReturnType<typeof settings>): tf.Tensor4D => {
  const before = causal ? rate * (size - 1) : 0
  return tf.expandDims(before ? tf.pad(x, [[0, 0],[before, 0],[0, 0]]) : x, 2) // prettier-ignore
}

const close = (y: tf.Tensor, bias: tf.Tensor | undefined, config: Config): tf.Tensor => {
  const flat = tf.squeeze(y, [2])
  return applyNamed(config.activation, bias ? tf.add(flat, bias) : flat)
}

const bias = (config: Config, channels: number): (readonly [string, number[]])[] =>
  config.useBias === false ? [] : [['vars/1', [channels]]]

const depthwise: Kind = {
  weights(config, [shape]) {
    const [c, multiplier] = [shape.at(-1)!, (config.depthMultiplier as number) ?? 1]
    return [['vars/0', [settings(config).size, c, multiplier]], ...bias(config, c * multiplier)]
  },
  call([x], [kernel, shift], config) {
    const own = settings(config)
    const filter = tf.expandDims(kernel, 1) as tf.Tensor4D
    const y = tf.depthwiseConv2d(open(x, own), filter, [own.stride, own.stride], own.padding, 'NHWC', [
      own.rate,
      1,
    ])
    return close(y, shift, config)
  },
}

const separable: Kind = {
  weights(config, [shape]) {
    const [c, multiplier] = [shape.at(-1)!, (config.depthMultiplier as number) ?? 1]
    const filters = config.filters as number
    const own: (readonly [string, number[]])[] = [
      ['vars/0', [settings(config).size, c, multiplier]],
      ['vars/1', [1, c * multiplier, filters]],
    ]
    return config.useBias === false ? own : [...own, ['vars/2', [filters]]]
  },
  call([x], [depth, point, shift], config) {
    const own = settings(config)
    const filter = tf.expandDims(depth, 1) as tf.Tensor4D
    const y = tf.depthwiseConv2d(open(x, own), filter, [own.stride, own.stride], own.padding, 'NHWC', [
      own.rate,
      1,
    ])
    return close(tf.conv2d(y, tf.expandDims(point, 1) as tf.Tensor4D, 1, 'valid'), shift, config)
  },
}

const transposed: Kind = {
  weights(config, [shape]) {
    const filters = config.filters as number
    return [['vars/0', [settings(config).size, filters, shape.at(-1)!]], ...bias(config, filters)]
  },
  call([x], [kernel, shift], config) {
    const { size, stride, padding, rate } = settings(config)
    if (rate !== 1) throw new NormlabError('dilation_rate', show(rate), 'Give 1')
    const [n, t] = x.shape
    const extra = config.outputPadding
    if (extra !== null && extra !== undefined)
      throw new NormlabError('output_padding', show(extra), 'Give None')
    const length = padding === 'same' ? t! * stride : t! * stride + Math.max(size - stride, 0)
    const filter = tf.expandDims(kernel, 1) as tf.Tensor4D
    const full: [number, number, number, number] = [n, length, 1, config.filters as number]
    const y = tf.conv2dTranspose(tf.expandDims(x, 2) as tf.Tensor4D, filter, full, [stride, 1], padding)
    return close(y, shift, config)
  },
}

const causal: Kind = {
  weights(config, [shape]) {
    const filters = config.filters as number
    return [['vars/0', [settings(config).size, shape.at(-1)!, filters]], ...bias(config, filters)]
  },
  call([x], [kernel, shift], config) {
    const own = settings(config)
    const filter = tf.expandDims(kernel, 1) as tf.Tensor4D
    const y = tf.conv2d(open(x, own), filter, [own.stride, 1], 'valid', 'NHWC', [own.rate, 1])
    return close(y, shift, config)
  },
}

export const convolutions1d: Readonly<Record<string, Kind>> = {
  DepthwiseConv1D: depthwise,
  SeparableConv1D: separable,
  Conv1DTranspose: transposed,
  CausalConv1D: causal,
}
