import { variants, type AnyNorm, type Tensor } from '@normlab/core'
import { greatestError, normals } from '@normlab/core/testing'
import * as tf from '@tensorflow/tfjs-core'
import { layers, type NoiseLayer, type NormLayer } from '../src/index.ts'
import { ofActivations } from '../src/layers.ts'
import { factoryName, layerName } from '../src/names.ts'

export const TOLERANCE = 1e-5

/** The variants that are layers. */
export const layered = variants.filter(ofActivations)

export const norms = layered.filter((v) => v.kind === 'norm') as unknown as AnyNorm[]

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1)

/** Normal values that float32 holds exactly, so that both sides of a comparison see the same. */
export const random = (shape: readonly number[], seed: number, scale = 1, offset = 0): Tensor => ({
  data: Float64Array.from(
    Float32Array.from(normals(product(shape), seed), (value) => value * scale + offset),
  ),
  shape: [...shape],
})

export const toTf = ({ data, shape }: Tensor): tf.Tensor =>
  tf.tensor(Float32Array.from(data), [...shape], 'float32')

/** The config of a layer for core's options: its names, and none of its defaults. */
export const configOf = (options: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const { g, decay, ...rest } = options
  return {
    ...rest,
    ...(g === undefined ? {} : { groups: g }),
    ...(decay === undefined ? {} : { momentum: decay }),
  }
}

/** Greatest error relative to the greatest wanted value; Infinity where the shapes differ. */
export function errorOf(got: tf.Tensor | Float32Array, want: Tensor): number {
  if (!(got instanceof tf.Tensor)) return greatestError(got, want.data)
  return String(got.shape) === String(want.shape) ? greatestError(got.dataSync(), want.data) : Infinity
}

/** Random values for the trained weights, set in the layer and returned by parameter name. */
export function randomWeights(layer: NormLayer, seed: number): Record<string, Tensor> {
  const values = layer.weights.map((weight, i) =>
    weight.originalName.endsWith('moving_variance')
      ? positive(random(weight.shape as number[], seed + i))
      : random(weight.shape as number[], seed + i, 0.5, 1),
  )
  const tensors = values.map(toTf)
  layer.setWeights(tensors)
  tf.dispose(tensors)
  return Object.fromEntries(
    layer.weights.map((weight, i) => [
      weight.originalName.replace(/^.*\//, '').replace(/_\d+$/, ''),
      values[i],
    ]),
  )
}

const positive = ({ data, shape }: Tensor): Tensor => ({
  data: Float64Array.from(data, (value) => Math.fround(Math.abs(value) + 0.5)),
  shape,
})

/** y, and the gradients of <y, dy> with respect to x and the layer's trained weights. */
export function pull(
  layer: {
    call(x: tf.Tensor, kwargs: object): tf.Tensor | tf.Tensor[]
    trainableWeights: NormLayer['trainableWeights']
  },
  x: Tensor,
  dy: Tensor,
  kwargs: object = { training: true },
): { y: tf.Tensor; dx: tf.Tensor; byName: Record<string, tf.Tensor> } {
  const input = tf.variable(toTf(x))
  const weights = layer.trainableWeights.map((weight) => weight.read() as tf.Variable)
  let y: tf.Tensor | undefined
  const { grads } = tf.variableGrads(() => {
    y = tf.keep(layer.call(input, kwargs) as tf.Tensor)
    return tf.sum(tf.mul(y, toTf(dy))) as tf.Scalar
  }, [input, ...weights])
  const byName = Object.fromEntries(
    layer.trainableWeights.map((weight, i) => [
      weight.originalName.replace(/^.*\//, '').replace(/_\d+$/, ''),
      grads[weights[i].name],
    ]),
  )
  return { y: y!, dx: grads[input.name], byName }
}

export interface Layout {
  readonly name: string
  readonly shape: readonly number[]
  readonly axis: number | readonly number[]
}

/**
 * The feature axes hold 12 or 24 elements, so that the cases' groups divide them and a cell has 4 elements at least: with
 * 2 its dx is nothing but what rounding leaves.
 */
export const layouts: readonly Layout[] = [
  { name: 'rank 1', shape: [24], axis: 0 },
  { name: 'rank 2, last', shape: [5, 24], axis: -1 },
  { name: 'rank 2, first', shape: [24, 5], axis: 0 },
  { name: 'rank 3, last', shape: [3, 4, 12], axis: -1 },
  { name: 'rank 3, first', shape: [3, 12, 4], axis: 1 },
  { name: 'rank 3, two axes, out of order', shape: [5, 6, 4], axis: [-1, 1] },
  { name: 'rank 4, last', shape: [2, 3, 2, 12], axis: 3 },
  { name: 'rank 4, first', shape: [2, 12, 3, 2], axis: -3 },
  { name: 'rank 4, axes apart', shape: [3, 3, 2, 4], axis: [1, 3] },
  { name: 'rank 5, last', shape: [2, 2, 3, 2, 12], axis: -1 },
  { name: 'rank 5, first', shape: [2, 12, 2, 3, 2], axis: 1 },
  { name: 'rank 6, last', shape: [2, 2, 1, 3, 2, 12], axis: -1 },
  { name: 'rank 6, first', shape: [2, 12, 2, 3, 1, 2], axis: 1 },
  { name: 'rank 6, axes apart', shape: [2, 2, 3, 2, 2, 3], axis: [1, 3, 5] },
]

export type Made = NormLayer | NoiseLayer
export const make = (record: { name: string }, config: object = {}): Made => {
  const factory = (layers as unknown as Record<string, (config: object) => Made>)[
    factoryName(layerName(record.name))
  ]
  return factory(config)
}

/** A config under which every record fits 12 features. */
export const small = (record: { options: object }): object => ('g' in record.options ? { groups: 3 } : {})

/** A layer's options under core's names. */
export const configToCore = (layer: NormLayer): Record<string, unknown> => {
  const { groups, momentum, ...rest } = layer.options
  return {
    ...rest,
    ...(groups === undefined ? {} : { g: groups }),
    ...(momentum === undefined ? {} : { decay: momentum }),
  }
}

/** The state in a layer's weights, as core has it; undefined where the record keeps none. */
export function stateOf(record: AnyNorm, values: Record<string, Tensor>): object | undefined {
  if (record.running) return { mean: values.moving_mean, variance: values.moving_variance, count: 0 }
  if (!record.state) return undefined
  return { ...Object.fromEntries(Object.keys(record.state).map((name) => [name, values[name]])), count: 0 }
}
