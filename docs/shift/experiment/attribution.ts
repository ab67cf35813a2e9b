/** One neuron's linear part at one moment: z = inputs . weights + bias. inputs: [examples, weights.length], row by row. */
export interface NeuronAt {
  readonly inputs: ArrayLike<number>
  readonly weights: ArrayLike<number>
  readonly bias: number
}

/** A change, told in both orders. total = ownFirst + upstreamAfter = upstreamFirst + ownAfter. */
export interface Attribution {
  readonly from: number
  readonly to: number
  readonly total: number
  /** Own weights and bias change first, while the inputs are still the old ones. */
  readonly ownFirst: number
  readonly upstreamAfter: number
  /** The inputs change first, while the own weights are still the old ones. */
  readonly upstreamFirst: number
  readonly ownAfter: number
  /** What neither has alone: ownAfter - ownFirst. */
  readonly joint: number
}

/** Splits the change of a neuron's mean or standard deviation into its own part and the part from upstream. */
export function attribute(before: NeuronAt, after: NeuronAt, what: 'mean' | 'std'): Attribution {
  const measure = (inputs: NeuronAt, own: NeuronAt) => moments(linear(inputs.inputs, own))[what]
  const from = measure(before, before)
  const to = measure(after, after)
  const ownOnly = measure(before, after)
  const upstreamOnly = measure(after, before)
  return {
    from,
    to,
    total: to - from,
    ownFirst: ownOnly - from,
    upstreamAfter: to - ownOnly,
    upstreamFirst: upstreamOnly - from,
    ownAfter: to - upstreamOnly,
    joint: to - ownOnly - upstreamOnly + from,
  }
}

/** z of every example. */
export function linear(inputs: ArrayLike<number>, { weights, bias }: NeuronAt): Float64Array {
  const width = weights.length
  const z = new Float64Array(inputs.length / width)
  for (let row = 0; row < z.length; row++) {
    let sum = bias
    for (let i = 0; i < width; i++) sum += inputs[row * width + i] * weights[i]
    z[row] = sum
  }
  return z
}

/** Biased, as a batch's own statistics are. */
export function moments(values: ArrayLike<number>): { mean: number; std: number } {
  let mean = 0
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length
  let variance = 0
  for (let i = 0; i < values.length; i++) variance += (values[i] - mean) ** 2 / values.length
  return { mean, std: Math.sqrt(variance) }
}

/** Unit `unit` out of a kernel [inputs, units], row by row. */
export function neuron(
  inputs: ArrayLike<number>,
  { kernel, bias }: { kernel: ArrayLike<number>; bias: ArrayLike<number> },
  unit: number,
): NeuronAt {
  const units = bias.length
  const weights = Array.from({ length: kernel.length / units }, (_, i) => kernel[i * units + unit])
  return { inputs, weights, bias: bias[unit] }
}
