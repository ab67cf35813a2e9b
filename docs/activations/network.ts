/** 2 inputs, two hidden layers of 5 units, one logistic output: trained on all its points at once, by gradient descent. */
import { batchNorm, gaussianNoise } from '@normlab/core'
import { functions, type FunctionName } from './functions.ts'

/** Where BatchNorm stands in the hidden layers. */
export type Place = 'none' | 'before' | 'after'
export interface Settings {
  readonly activation: FunctionName
  readonly place: Place
}
export interface Layer {
  readonly inputs: number
  readonly units: number
  /** [inputs, units], then one number a unit. */
  readonly w: Float64Array
  readonly b: Float64Array
  readonly gamma: Float64Array
  readonly beta: Float64Array
}
/** What a layer does to the whole batch. Each array is [examples, units]. */
export interface Pass {
  readonly input: Float64Array
  /** The linear layer gives it. */
  readonly z: Float64Array
  /** The activation function gets it: z, or z after BatchNorm. */
  readonly into: Float64Array
  /** The activation function gives it. */
  readonly a: Float64Array
  /** The next layer gets it: a, or a after BatchNorm. */
  readonly out: Float64Array
  readonly saved?: ReturnType<typeof batchNorm.forward>['saved']
}

export const EXAMPLES = 256
const SIZES = [2, 5, 5, 1]
const draws = (count: number, seed: number) => gaussianNoise.draw([count], { seed })

/** A disc (label 1) and the ring around it (label 0), in turn. */
export function ring(): { readonly x: Float64Array; readonly y: Float64Array } {
  const [across, up, out] = [1, 2, 3].map((seed) => draws(EXAMPLES, seed))
  const y = Float64Array.from({ length: EXAMPLES }, (_, n) => (n + 1) % 2)
  const x = new Float64Array(2 * EXAMPLES)
  for (let n = 0; n < EXAMPLES; n++) {
    const radius = y[n] ? 0.35 * Math.abs(out[n]) : 1.5 + 0.15 * out[n]
    const scale = radius / Math.hypot(across[n], up[n])
    x.set([scale * across[n], scale * up[n]], 2 * n)
  }
  return { x, y }
}

export const makeNetwork = (seed = 7): Layer[] =>
  SIZES.slice(1).map((units, l) => ({
    inputs: SIZES[l],
    units,
    w: Float64Array.from(draws(SIZES[l] * units, seed + l), (v) => v * Math.sqrt(2 / SIZES[l])),
    b: new Float64Array(units),
    gamma: new Float64Array(units).fill(1),
    beta: new Float64Array(units),
  }))

/** [examples, inputs] W + b. */
function linear(x: Float64Array, { inputs, units, w, b }: Layer): Float64Array {
  const z = new Float64Array((x.length / inputs) * units)
  for (let n = 0; n < x.length / inputs; n++)
    for (let u = 0; u < units; u++) {
      let sum = b[u]
      for (let i = 0; i < inputs; i++) sum += x[n * inputs + i] * w[i * units + u]
      z[n * units + u] = sum
    }
  return z
}

function normalized(values: Float64Array, { units, gamma, beta }: Layer) {
  const tensor = (data: Float64Array, shape: number[]) => ({ data, shape })
  const params = { gamma: tensor(gamma, [units]), beta: tensor(beta, [units]) }
  const { y, saved } = batchNorm.forward(tensor(values, [values.length / units, units]), params)
  return { y: y.data as Float64Array, saved }
}

/** The output layer is always logistic, and never normalized. */
const settingsOf = (layers: readonly Layer[], layer: Layer, settings: Settings): Settings =>
  layer === layers.at(-1) ? { activation: 'sigmoid', place: 'none' } : settings

export function forward(layers: readonly Layer[], settings: Settings, x: Float64Array): Pass[] {
  let input = x
  return layers.map((layer) => {
    const { activation, place } = settingsOf(layers, layer, settings)
    const z = linear(input, layer)
    const before = place === 'before' ? normalized(z, layer) : undefined
    const into = before?.y ?? z
    const a = into.map(functions[activation].value)
    const after = place === 'after' ? normalized(a, layer) : undefined
    const pass = { input, z, into, a, out: after?.y ?? a, saved: (before ?? after)?.saved }
    input = pass.out
    return pass
  })
}

/** One step of gradient descent on the cross-entropy. Changes the layers' numbers. */
export function train(
  layers: readonly Layer[],
  settings: Settings,
  x: Float64Array,
  y: Float64Array,
  rate = 0.5,
): void {
  const passes = forward(layers, settings, x)
  // The output's slope and the loss's cancel: what is left is p - y.
  let dz: Float64Array = passes.at(-1)!.a.map((p, n) => (p - y[n]) / y.length)
  for (let l = layers.length - 1; l >= 0; l--) {
    const { inputs, units, w, b, gamma, beta } = layers[l]
    const { input, into, saved } = passes[l]
    const { activation, place } = settingsOf(layers, layers[l], settings)
    const through = (d: Float64Array): Float64Array => {
      const { dx, dgamma, dbeta } = batchNorm.backward({ data: d, shape: [y.length, units] }, saved!)
      for (let u = 0; u < units; u++) {
        gamma[u] -= rate * dgamma!.data[u]
        beta[u] -= rate * dbeta!.data[u]
      }
      return dx.data as Float64Array
    }
    if (l < layers.length - 1) {
      if (place === 'after') dz = through(dz)
      dz = dz.map((d, i) => d * functions[activation].slope(into[i]))
      if (place === 'before') dz = through(dz)
    }
    const dx = new Float64Array(y.length * inputs)
    const dw = new Float64Array(w.length)
    for (let n = 0; n < y.length; n++)
      for (let u = 0; u < units; u++) {
        const d = dz[n * units + u]
        b[u] -= rate * d
        for (let i = 0; i < inputs; i++) {
          dw[i * units + u] += d * input[n * inputs + i]
          dx[n * inputs + i] += d * w[i * units + u]
        }
      }
    for (let i = 0; i < w.length; i++) w[i] -= rate * dw[i]
    dz = dx
  }
}

/** One unit's values over the batch: a column of an array [examples, units]. */
export const unitOf = (values: Float64Array, units: number, unit: number): Float64Array =>
  Float64Array.from({ length: values.length / units }, (_, n) => values[n * units + unit])

/** Share of right answers. */
export const accuracy = (passes: readonly Pass[], y: Float64Array): number =>
  passes.at(-1)!.a.reduce((sum, p, n) => sum + (p > 0.5 === y[n] > 0.5 ? 1 : 0), 0) / y.length
