/** Of which normalization layers inference is a product and a sum for each channel, and which end with one. */
import type { Tensor } from '@normlab/core'
import { NormLayer } from '../layer.ts'
import type { Layer } from './graph.ts'
import { asTensor, fromEnd, weightName } from './values.ts'

/** What a normalization layer does to the channels of one axis. */
export interface ChannelWise {
  /** `whole`: y = x scale + shift. `end`: this comes after the statistics of the example, which stay. */
  readonly kind: 'whole' | 'end'
  /** Axis of the channels, counted from the end. */
  readonly axis: number
  readonly channels: number
  readonly scale: Float64Array
  readonly shift: Float64Array
  /** Of `whole`: its constants. */
  readonly norm?: {
    gamma?: Tensor
    beta?: Tensor
    state: { mean: Tensor; variance: Tensor }
    epsilon: number
  }
}

/** A reason where it is neither; undefined for a layer that is no normalization. */
export async function channelWise(layer: Layer, rank: number): Promise<ChannelWise | string | undefined> {
  const className = layer.getClassName()
  const stock = className === 'BatchNormalization' || className === 'LayerNormalization'
  if (!stock && !(layer instanceof NormLayer)) return undefined
  const config = layer.getConfig() as { axis?: unknown; epsilon?: number }
  const axis = fromEnd(config.axis, rank)
  if (axis === undefined) return 'it normalizes over several axes'
  const values = Object.fromEntries(
    await Promise.all(
      layer.weights.map(async (variable) => [weightName(variable), await asTensor(variable.read())] as const),
    ),
  )
  const { gamma, beta, moving_mean: mean, moving_variance: variance } = values
  const channels = Math.max(0, ...Object.values(values).map(({ data }) => data.length))
  if (mean && variance)
    return batchNorm({ gamma, beta, mean, variance, epsilon: config.epsilon ?? 1e-3 }, axis, layer)
  if (layer instanceof NormLayer && layer.record.apply)
    return `${layer.record.name} is no product and sum of the channels`
  if (!gamma && !beta) return 'it has neither gamma nor beta'
  const plusOne = layer instanceof NormLayer && layer.record.params.gamma?.plusOne ? 1 : 0
  const known = Object.keys(values).every((name) => name === 'gamma' || name === 'beta')
  if (!known || Object.values(values).some(({ data }) => data.length !== channels))
    return 'its parameters are not one a channel'
  return {
    kind: 'end',
    axis,
    channels,
    scale: gamma
      ? Float64Array.from(gamma.data, (value) => value + plusOne)
      : new Float64Array(channels).fill(1),
    shift: beta ? Float64Array.from(beta.data) : new Float64Array(channels),
  }
}

interface Moving {
  gamma?: Tensor
  beta?: Tensor
  mean: Tensor
  variance: Tensor
  epsilon: number
}

function batchNorm(
  { gamma, beta, mean, variance, epsilon }: Moving,
  axis: number,
  layer: Layer,
): ChannelWise | string {
  if (layer instanceof NormLayer) {
    const { scale, center, name } = layer.record
    // Keras's renorm has a forward of its own, and at inference is BatchNormalization.
    const plain = layer.record.apply ? name === 'BatchNorm' : scale === 'std' && center
    if (!plain || layer.record.params.gamma?.plusOne)
      return `${name} is not (x - mean) / sqrt(variance + epsilon) gamma + beta`
  }
  const scale = Float64Array.from(
    variance.data,
    (value, i) => (gamma ? gamma.data[i] : 1) / Math.sqrt(value + epsilon),
  )
  const shift = scale.map((value, i) => (beta ? beta.data[i] : 0) - mean.data[i] * value)
  const norm = { gamma, beta, state: { mean, variance }, epsilon }
  return { kind: 'whole', axis, channels: scale.length, scale, shift, norm }
}
