/** Two hidden layers with BatchNorm and ReLU, then one logistic output, trained by plain gradient descent. */
import { batchNorm, populationState, type RunningState, type Tensor } from '@normlab/core'

export interface Data {
  /** [count, 2] */
  readonly x: Float64Array
  readonly y: Float64Array
}

export interface Layer {
  readonly inputs: number
  readonly w: Float64Array
  readonly gamma: Tensor<Float32Array>
  readonly beta: Tensor<Float32Array>
}
export interface Network {
  readonly hidden: readonly Layer[]
  readonly out: Float64Array
}

const WIDTH = 16
/** Single precision: the fused kernels take no other. */
const tensor = (data: Float64Array) => ({
  data: Float32Array.from(data),
  shape: [data.length / WIDTH, WIDTH],
})
const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
const draws = (count: number, scale: number) => Float64Array.from({ length: count }, () => scale * normal())
const filled = (value: number) => ({ data: new Float32Array(WIDTH).fill(value), shape: [WIDTH] })

export const makeNetwork = (): Network => ({
  hidden: [2, WIDTH].map((inputs) => ({
    inputs,
    w: draws(inputs * WIDTH, Math.sqrt(2 / inputs)),
    gamma: filled(1),
    beta: filled(0),
  })),
  out: draws(WIDTH, Math.sqrt(1 / WIDTH)),
})

/** [n, inputs] times [inputs, outputs]. */
function product(a: Float64Array, w: Float64Array, inputs: number): Float64Array {
  const outputs = w.length / inputs
  const result = new Float64Array((a.length / inputs) * outputs)
  for (let row = 0; row < a.length / inputs; row++)
    for (let i = 0; i < inputs; i++) {
      const value = a[row * inputs + i]
      if (value !== 0)
        for (let o = 0; o < outputs; o++) result[row * outputs + o] += value * w[i * outputs + o]
    }
  return result
}

/** Probabilities of label 1. @param states given statistics, one a layer; else those of x itself. */
export function predict({ hidden, out }: Network, x: Float64Array, states?: readonly RunningState[]) {
  let a = x
  const tape = hidden.map(({ inputs, w, gamma, beta }, i) => {
    const before = a
    const z = tensor(product(a, w, inputs))
    const options = states ? { training: false, state: states[i] } : {}
    const { y, saved } = batchNorm.forward(z, { gamma, beta }, options)
    a = Float64Array.from(y.data, (value) => Math.max(value, 0))
    return { before, z, saved, a }
  })
  const p = product(a, out, WIDTH).map((logit) => 1 / (1 + Math.exp(-logit)))
  return { p, tape }
}

/** One step of gradient descent on a batch, with the batch's own statistics. */
export function train(network: Network, { x, y }: Data, rate: number): void {
  const { p, tape } = predict(network, x)
  const slope = p.map((value, i) => (value - y[i]) / y.length)
  let da = new Float64Array(y.length * WIDTH)
  const dout = new Float64Array(WIDTH)
  for (let i = 0; i < da.length; i++) {
    da[i] = slope[Math.floor(i / WIDTH)] * network.out[i % WIDTH]
    dout[i % WIDTH] += slope[Math.floor(i / WIDTH)] * tape.at(-1)!.a[i]
  }
  dout.forEach((value, i) => (network.out[i] -= rate * value))
  for (let l = network.hidden.length - 1; l >= 0; l--) {
    const { inputs, w, gamma, beta } = network.hidden[l]
    const { before, saved, a } = tape[l]
    const dy = tensor(da.map((value, i) => (a[i] > 0 ? value : 0)))
    const { dx, dgamma, dbeta } = batchNorm.backward(dy, saved)
    da = new Float64Array(before.length)
    const dw = new Float64Array(w.length)
    for (let row = 0; row < y.length; row++)
      for (let i = 0; i < inputs; i++)
        for (let o = 0; o < WIDTH; o++) {
          const d = dx.data[row * WIDTH + o]
          da[row * inputs + i] += d * w[i * WIDTH + o]
          dw[i * WIDTH + o] += d * before[row * inputs + i]
        }
    for (const [values, gradient] of [
      [w, dw],
      [gamma.data, dgamma!.data],
      [beta.data, dbeta!.data],
    ] as const)
      gradient.forEach((value: number, i: number) => (values[i] -= rate * value))
  }
}

/** The statistics of all of x, layer after layer. */
export const settle = (network: Network, x: Float64Array): RunningState[] =>
  predict(network, x).tape.map(({ z }) => populationState([z]))

/** Share of right answers. */
export const accuracy = (p: Float64Array, { y }: Data): number =>
  p.filter((value, i) => value > 0.5 === y[i] > 0.5).length / y.length
