/** A product and a sum of channels go into the weights of a linear layer. */
import { foldBatchNorm, foldLayerNorm, type Tensor } from '@normlab/core'
import type { ChannelWise } from './affine.ts'
import type { LinearLayer } from './linear.ts'

/** The norm comes after the layer. */
export function intoSource(linear: LinearLayer, { norm }: ChannelWise): void {
  const kernel = linear.kernels[linear.kernel]
  const done = foldBatchNorm({ kernel, bias: linear.bias }, norm!, { axis: linear.output })
  linear.kernels[linear.kernel] = done.kernel
  linear.bias = done.bias
}

/** It comes before the layer. */
export function intoTarget(linear: LinearLayer, { scale, shift }: ChannelWise): void {
  const vector = (data: Float64Array): Tensor => ({ data, shape: [data.length] })
  const [index, inputAxis] = linear.entry
  if (typeof linear.output === 'number' && linear.kernel === index) {
    const given = { kernel: linear.kernels[index], bias: linear.bias }
    const done = foldLayerNorm(
      given,
      { gamma: vector(scale), beta: vector(shift) },
      { inputAxis, axis: linear.output, centering: false },
    )
    linear.kernels[index] = done.kernel
    linear.bias = done.bias
    return
  }
  // Kernel [taps, c, multiplier]: an input goes into its own outputs alone.
  const { data, shape } = linear.kernels[index]
  const [c, multiplier] = shape.slice(-2)
  const own = new Float64Array(c * multiplier)
  const scaled = Float64Array.from(data, (value, i) => {
    const at = i % (c * multiplier)
    const channel = Math.floor(at / multiplier)
    own[at] += value * shift[channel]
    return value * scale[channel]
  })
  linear.kernels[index] = { data: scaled, shape }
  const size = linear.kernel === index ? own.length : linear.kernels[linear.kernel].shape.at(-1)!
  const bias = Float64Array.from({ length: size }, (_, i) => linear.bias?.data[i] ?? 0)
  if (linear.kernel === index) own.forEach((value, i) => (bias[i] += value))
  else
    linear.kernels[linear.kernel].data.forEach(
      (value, i) => (bias[i % size] += value * own[Math.floor(i / size)]),
    )
  linear.bias = vector(bias)
}
