/** One hidden layer with ReLU and dropout, one logistic output, trained on all its points at once, with momentum. */
import { dropout } from '@normlab/core'

export interface Data {
  /** [count, inputs] */
  readonly x: Float64Array
  readonly y: Float64Array
}
export interface Network {
  readonly inputs: number
  readonly hidden: number
  /** [inputs, hidden], then [hidden] biases, then [hidden] to the output. */
  readonly w: Float64Array
  readonly velocity: Float64Array
}

export const normal = () =>
  Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())

export function makeNetwork(inputs: number, hidden: number): Network {
  const scale = (i: number) =>
    i < inputs * hidden ? Math.sqrt(2 / inputs) : i < (inputs + 1) * hidden ? 0 : Math.sqrt(1 / hidden)
  const w = Float64Array.from({ length: (inputs + 2) * hidden }, (_, i) => scale(i) * normal())
  return { inputs, hidden, w, velocity: new Float64Array(w.length) }
}

/** Single precision: core's fast dropout takes no other. */
function activations({ inputs, hidden, w }: Network, x: Float64Array): Float32Array {
  const a = new Float32Array((x.length / inputs) * hidden)
  for (let row = 0; row < x.length / inputs; row++) {
    const to = row * hidden
    for (let h = 0; h < hidden; h++) a[to + h] = w[inputs * hidden + h]
    for (let i = 0; i < inputs; i++) {
      const value = x[row * inputs + i]
      for (let h = 0; h < hidden; h++) a[to + h] += value * w[i * hidden + h]
    }
    for (let h = 0; h < hidden; h++) a[to + h] = Math.max(a[to + h], 0)
  }
  return a
}

function probabilities({ inputs, hidden, w }: Network, a: Float32Array): Float64Array {
  return Float64Array.from({ length: a.length / hidden }, (_, row) => {
    let logit = 0
    for (let h = 0; h < hidden; h++) logit += a[row * hidden + h] * w[(inputs + 1) * hidden + h]
    return 1 / (1 + Math.exp(-logit))
  })
}

/** One step on all of the data. The mask is that of this seed and step. */
export function train(
  network: Network,
  { x, y }: Data,
  options: { rate: number; seed: number; step: number },
) {
  const { inputs, hidden, w, velocity } = network
  const shape = [y.length, hidden]
  const { y: dropped, saved } = dropout.forward({ data: activations(network, x), shape }, {}, options)
  const a = dropped.data as Float32Array
  const slope = probabilities(network, a).map((value, row) => (value - y[row]) / y.length)
  const dw = new Float64Array(w.length)
  const out = (inputs + 1) * hidden
  const da = a.map((_, i) => slope[(i / hidden) | 0] * w[out + (i % hidden)])
  for (let i = 0; i < a.length; i++) dw[out + (i % hidden)] += slope[(i / hidden) | 0] * a[i]
  const { dx } = dropout.backward({ data: da, shape }, saved)
  // Where a is 0, ReLU or dropout has stopped the gradient.
  const dz = a.map((value, i) => (value > 0 ? dx.data[i] : 0))
  for (let row = 0; row < y.length; row++) {
    for (let i = 0; i < inputs; i++) {
      const value = x[row * inputs + i]
      for (let h = 0; h < hidden; h++) dw[i * hidden + h] += value * dz[row * hidden + h]
    }
    for (let h = 0; h < hidden; h++) dw[inputs * hidden + h] += dz[row * hidden + h]
  }
  for (let i = 0; i < w.length; i++) {
    velocity[i] = 0.9 * velocity[i] - 0.1 * dw[i]
    w[i] += velocity[i]
  }
}

/** At inference: mean cross-entropy, and the share of right answers. */
export function measure(network: Network, { x, y }: Data): { loss: number; right: number } {
  const p = probabilities(network, activations(network, x))
  const of = (row: number) => Math.min(Math.max(y[row] ? p[row] : 1 - p[row], 1e-12), 1)
  let [loss, right] = [0, 0]
  for (let row = 0; row < y.length; row++) {
    loss -= Math.log(of(row)) / y.length
    if (of(row) > 0.5) right += 1 / y.length
  }
  return { loss, right }
}

/**
 * Two clouds of points that overlap in two coordinates; the other coordinates are noise and say nothing.
 * A network with many units can tell few points apart by that noise.
 * @param wrong Share of wrong labels.
 */
export function clouds(count: number, inputs: number, wrong: number): Data {
  const truth = (row: number) => row % 2
  const x = Float64Array.from({ length: count * inputs }, (_, i) =>
    i % inputs < 2 ? normal() + 2 * truth(Math.floor(i / inputs)) - 1 : normal(),
  )
  const y = Float64Array.from({ length: count }, (_, i) => (Math.random() < wrong ? 1 - truth(i) : truth(i)))
  return { x, y }
}
