/** Weights of layers under PyTorch's names and in its layouts. */
import type { LayerVariable } from '@tensorflow/tfjs-layers'
import { NormLayer } from '../../layer.ts'
import { weightName } from '../../surgery/values.ts'
import type { Layer } from '../json.ts'

/** One weight of a layer there. */
export interface Slot {
  /** In the state dict, without the layer's name: `weight`. */
  readonly name: string
  readonly variable: LayerVariable
  /** PyTorch's shape. */
  readonly shape: readonly number[]
  /** Index here of the value that stands at an index there. */
  readonly at: (there: number) => number
}

type Layout = { readonly shape: readonly number[]; readonly at: (there: number) => number }

const same = (shape: readonly number[]): Layout => ({ shape, at: (there) => there })

/** @param order the axis here of each axis there. */
export function transposed(shape: readonly number[], order: readonly number[]): Layout {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  const there = order.map((axis) => shape[axis])
  return {
    shape: there,
    at(index) {
      let rest = index
      let here = 0
      for (let i = order.length - 1; i >= 0; i--) {
        here += (rest % there[i]) * strides[order[i]]
        rest = Math.floor(rest / there[i])
      }
      return here
    },
  }
}

/** [positions, a, b] to [first, second, positions]. */
const kernel = (shape: readonly number[], first: 'a' | 'b'): Layout => {
  const n = shape.length - 2
  const taps = Array.from({ length: n }, (_, i) => i)
  return transposed(shape, first === 'b' ? [n + 1, n, ...taps] : [n, n + 1, ...taps])
}

/** [positions, channels, multiplier] to [channels x multiplier, 1, positions]: a convolution of as many groups as channels. */
const depthwise = (shape: readonly number[]): Layout => {
  const n = shape.length - 2
  const taps = shape.slice(0, n)
  const { at } = transposed(shape, [n, n + 1, ...taps.map((_, i) => i)])
  return { shape: [shape[n] * shape[n + 1], 1, ...taps], at }
}

const NORM: Readonly<Record<string, string>> = {
  gamma: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
}
const isNorm = (layer: Layer): boolean =>
  layer instanceof NormLayer || /^(Batch|Layer)Normalization$/.test(layer.getClassName())

function layoutOf(layer: Layer, name: string, index: number, shape: readonly number[]): [string, Layout] {
  if (isNorm(layer)) return [NORM[name] ?? name, same(shape)]
  const className = layer.getClassName().replace('normlab>', '')
  const bias = index > 0
  if (className === 'Dense') return bias ? ['bias', same(shape)] : ['weight', transposed(shape, [1, 0])]
  if (className === 'Embedding') return ['weight', same(shape)]
  if (/^(Causal)?Conv[123]D$/.test(className))
    return bias ? ['bias', same(shape)] : ['weight', kernel(shape, 'b')]
  // Here the kernel is [positions, out, in], there [in, out, positions].
  if (/^Conv[123]DTranspose$/.test(className))
    return bias ? ['bias', same(shape)] : ['weight', kernel(shape, 'b')]
  if (/^DepthwiseConv[12]D$/.test(className))
    return bias ? ['bias', same(shape)] : ['weight', depthwise(shape)]
  if (/^SeparableConv[12]D$/.test(className)) {
    if (index === 0) return ['depthwise.weight', depthwise(shape)]
    return index === 1 ? ['pointwise.weight', kernel(shape, 'b')] : ['pointwise.bias', same(shape)]
  }
  return [name, same(shape)]
}

/** Weights of the layer, each with its place there. Of layers that PyTorch has otherwise: as they are. */
export function slotsOf(layer: Layer): Slot[] {
  return layer.weights.map((variable, i) => {
    const [name, layout] = layoutOf(layer, weightName(variable), i, variable.shape as number[])
    return { name, variable, ...layout }
  })
}

/** Keeps running statistics, as PyTorch's BatchNorm does, and so counts batches there. */
export const countsBatches = (layer: Layer): boolean =>
  isNorm(layer) && layer.weights.some((variable) => weightName(variable) === 'moving_mean')
