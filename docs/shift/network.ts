/** The network of this page with @normlab/core alone: linear layer, normalization, activation, five times. For cells. */
import { batchNorm, layerNorm, type RunningState, type Tensor } from '@normlab/core'
import { normal, uniform } from './experiment/random.ts'

export interface Run {
  readonly norm: 'none' | 'batch' | 'layer'
  readonly activation: 'relu' | 'sigmoid'
  readonly batch: number
  readonly rate: number
  readonly epochs: number
  readonly seed: number
  /** How far noise after the normalization moves and spreads a neuron's values; 0 for none. */
  readonly noise: number
}
export const [DEPTH, WIDTH, CLASSES] = [5, 24, 3]

export interface Layer {
  readonly inputs: number
  readonly units: number
  /** [inputs, units], then one number a unit. */
  readonly w: Float32Array
  readonly b: Float32Array
  readonly gamma: Tensor<Float32Array>
  readonly beta: Tensor<Float32Array>
  /** BatchNorm's, for inference. */
  state: RunningState
}

/** What a hidden layer does to a batch; arrays are [examples, units]. */
export interface Pass {
  readonly input: Float32Array
  /** W h + b. */
  readonly linear: Float32Array
  /** What the activation function sees. */
  readonly pre: Float32Array
  /** What the next layer sees. */
  readonly post: Float32Array
  /** The normalization's gradients, from that of `pre`. */
  readonly back?: (d: Tensor) => { readonly dx: Tensor; readonly dgamma?: Tensor; readonly dbeta?: Tensor }
}

/** `look` takes the statistics of this very batch, as training does, and keeps none. */
export type Phase = 'train' | 'look' | 'test'

export const tensorOf = (data: Float32Array, units: number) => ({ data, shape: [data.length / units, units] })
const filled = (size: number, value: number) => ({ data: new Float32Array(size).fill(value), shape: [size] })

export function makeLayers({ seed, activation }: Run): Layer[] {
  const next = normal(uniform(seed ^ 0x3c6e))
  const sizes = [2, ...Array.from({ length: DEPTH }, () => WIDTH), CLASSES]
  return sizes.slice(1).map((units, l) => {
    const inputs = sizes[l]
    const deviation = Math.sqrt(2 / (activation === 'relu' ? inputs : inputs + units))
    return {
      inputs,
      units,
      w: Float32Array.from({ length: inputs * units }, () => deviation * next()),
      b: new Float32Array(units),
      gamma: filled(units, 1),
      beta: filled(units, 0),
      state: { mean: filled(units, 0), variance: filled(units, 1), count: 0 },
    }
  })
}

function linear(x: Float32Array, { inputs, units, w, b }: Layer): Float32Array {
  const z = new Float32Array((x.length / inputs) * units)
  const sum = new Float64Array(units)
  for (let row = 0; row * units < z.length; row++) {
    sum.set(b)
    for (let i = 0; i < inputs; i++) {
      const value = x[row * inputs + i]
      if (value !== 0) for (let u = 0; u < units; u++) sum[u] += value * w[i * units + u]
    }
    z.set(sum, row * units)
  }
  return z
}

function normalized(layer: Layer, run: Run, z: Float32Array, phase: Phase): Pick<Pass, 'pre' | 'back'> {
  const { gamma, beta, state } = layer
  const { norm } = run
  const x = tensorOf(z, layer.units)
  if (norm === 'layer') {
    const { y, saved } = layerNorm.forward(x, { gamma, beta }, { epsilon: 1e-3 })
    return { pre: y.data as Float32Array, back: (d) => layerNorm.backward(d, saved) }
  }
  if (norm === 'batch') {
    const options = { epsilon: 1e-3, training: phase !== 'test', state }
    const { y, saved, state: newer } = batchNorm.forward(x, { gamma, beta }, options)
    if (phase === 'train') layer.state = newer!
    return { pre: y.data as Float32Array, back: (d) => batchNorm.backward(d, saved) }
  }
  return { pre: run.noise ? z.slice() : z }
}

/**
 * Adds to each neuron of a batch noise with a mean and a spread of its own, drawn anew at every call. In training only.
 * Santurkar and others 2018, section 2.2.
 */
export function unsteady(noise: number, next: () => number): (values: Float32Array, units: number) => void {
  const draw = normal(next)
  return (values, units) => {
    for (let u = 0; u < units; u++) {
      const [mean, spread] = [noise * (2 * next() - 1), noise * next()]
      for (let i = u; i < values.length; i += units) values[i] += mean + spread * draw()
    }
  }
}

/** @param disturb Changes what the activation function sees, as `unsteady` does. */
export function forward(
  layers: readonly Layer[],
  run: Run,
  x: Float32Array,
  phase: Phase,
  disturb?: ReturnType<typeof unsteady>,
) {
  const passes: Pass[] = []
  let input = x
  for (const layer of layers.slice(0, -1)) {
    const z = linear(input, layer)
    const { pre, back } = normalized(layer, run, z, phase)
    if (phase !== 'test') disturb?.(pre, layer.units)
    const post = pre.map(
      run.activation === 'relu' ? (value) => Math.max(value, 0) : (value) => 1 / (1 + Math.exp(-value)),
    )
    passes.push({ input, linear: z, pre, post, back })
    input = post
  }
  return { passes, scores: linear(input, layers.at(-1)!) }
}
