/** Layers that are linear in their input: where their kernels' inputs and outputs lie. */
import type { Tensor } from '@normlab/core'
import { PACKAGE } from '../names.ts'
import { asTensor } from './values.ts'
import type { Layer } from './graph.ts'

interface Spec {
  /** Number among the layer's weights of the kernel that the output follows from, and its axes of output. */
  readonly kernel: number
  readonly output: number | readonly number[]
  /** The kernel that the input goes into, and its axis of input. */
  readonly entry: readonly [kernel: number, axis: number]
}

/** A linear layer with the weights that it is to have. */
export interface LinearLayer extends Spec {
  readonly layer: Layer
  /** Axis of the channels in x and y. */
  readonly channels: 1 | -1
  /** Every output sees all of the kernel: no zeros from beyond the border, and no step that lacks a tap. */
  readonly whole: boolean
  readonly kernels: Tensor[]
  bias: Tensor | undefined
}

const PLAIN: Spec = { kernel: 0, output: -1, entry: [0, -2] }
const TRANSPOSED: Spec = { kernel: 0, output: -2, entry: [0, -1] }
/** Kernel [positions, channels, multiplier]. */
const DEPTHWISE: Spec = { kernel: 0, output: [-2, -1], entry: [0, -2] }
const SEPARABLE: Spec = { kernel: 1, output: -1, entry: [0, -2] }

const specs: Readonly<Record<string, Spec>> = {
  Dense: PLAIN,
  Conv1D: PLAIN,
  Conv2D: PLAIN,
  Conv3D: PLAIN,
  Conv2DTranspose: TRANSPOSED,
  Conv3DTranspose: TRANSPOSED,
  DepthwiseConv2D: DEPTHWISE,
  SeparableConv2D: SEPARABLE,
  [`${PACKAGE}>CausalConv1D`]: PLAIN,
  [`${PACKAGE}>DepthwiseConv1D`]: DEPTHWISE,
  [`${PACKAGE}>SeparableConv1D`]: SEPARABLE,
  [`${PACKAGE}>Conv1DTranspose`]: TRANSPOSED,
}

/** Undefined where the layer is not known to be linear. */
export async function linearOf(layer: Layer): Promise<LinearLayer | undefined> {
  const className = layer.getClassName()
  const spec = specs[className]
  if (!spec) return undefined
  const config = layer.getConfig() as Record<string, unknown>
  if ((config.activation ?? 'linear') !== 'linear') return undefined
  const values = await Promise.all(layer.weights.map((variable) => asTensor(variable.read())))
  const kernels = Math.max(spec.kernel, spec.entry[0]) + 1
  const single = [config.kernelSize ?? 1].flat().every((size) => size === 1)
  return {
    ...spec,
    layer,
    channels: config.dataFormat === 'channelsFirst' ? 1 : -1,
    whole: !className.endsWith('Transpose') && (single || config.padding === 'valid'),
    kernels: values.slice(0, kernels),
    bias: values[kernels],
  }
}

/** The same layer, with a bias; its weights are those of `linear` once it is built. */
export function remade({ layer }: LinearLayer): Layer {
  const config = { ...layer.getConfig(), useBias: true } as Record<string, unknown>
  // What its getConfig forgets.
  const { depthMultiplier } = layer as unknown as { depthMultiplier?: number }
  if (depthMultiplier !== undefined) config.depthMultiplier = depthMultiplier
  return new (layer.constructor as new (config: object) => Layer)(config)
}
