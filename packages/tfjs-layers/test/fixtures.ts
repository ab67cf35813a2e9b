import type { AnyNorm, Noise, Tensor } from '@normlab/core'
import { records as known, type Described } from '@normlab/core/records'
import { greatestError, normals } from '@normlab/core/testing'
import * as tf from '@tensorflow/tfjs-core'
import type { NormLayer } from '../src/index.ts'
import { ofActivations } from '../src/layers.ts'

export const TOLERANCE = 1e-5

/** The variants that are layers. */
const records = Object.values(known) as unknown as readonly (Described<AnyNorm> | Described<Noise>)[]
export const layered = records.filter(ofActivations)
/** The variants that wrap a layer. */
export const ofWeights = records.filter((record) => !ofActivations(record))
export const norms = layered.filter((v) => v.kind === 'norm')
export const noises = layered.filter((v) => v.kind === 'noise')

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1)

/** Normal values that float32 holds exactly, so that both sides of a comparison see the same. */
export const random = (shape: readonly number[], seed: number, scale = 1, offset = 0): Tensor => ({
  data: Float64Array.from(
    Float32Array.from(normals(product(shape), seed), (value) => value * scale + offset),
  ),
  shape: [...shape],
})

export const weightName = (originalName: string): string =>
  originalName.replace(/^.*\//, '').replace(/_\d+$/, '')

export const toTf = ({ data, shape }: Tensor): tf.Tensor =>
  tf.tensor(Float32Array.from(data), [...shape], 'float32')

/** Greatest error relative to the greatest wanted value; Infinity where the shapes differ. */
export function errorOf(got: tf.Tensor | Float32Array, want: Tensor): number {
  if (!(got instanceof tf.Tensor)) return greatestError(got, want.data)
  return String(got.shape) === String(want.shape) ? greatestError(got.dataSync(), want.data) : Infinity
}

const greatest = ({ data }: Tensor): number => Math.max(...Array.from(data, Math.abs))

/**
 * Error of a parameter's gradient. The terms of a single number's may happen to cancel: its size is what it is for other dy.
 * @param wanted the gradient for a dy.
 */
export function errorOfParam(got: tf.Tensor, dy: Tensor, wanted: (dy: Tensor) => Tensor): number {
  const want = wanted(dy)
  if (want.data.length > 1) return errorOf(got, want)
  const sizes = [want, ...[21, 22].map((seed) => wanted(random(dy.shape, seed)))].map(greatest)
  return Math.abs(got.dataSync()[0] - want.data[0]) / Math.max(...sizes)
}

/** y, and the gradients of <y, dy> with respect to x, the layer's trained weights, and its other inputs. */
export function pull(
  layer: {
    call(x: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor | tf.Tensor[]
    trainableWeights: NormLayer['trainableWeights']
  },
  x: Tensor,
  dy: Tensor,
  kwargs: object = { training: true },
  others: Readonly<Record<string, Tensor>> = {},
): { y: tf.Tensor; dx: tf.Tensor; byName: Record<string, tf.Tensor> } {
  const input = tf.variable(toTf(x))
  const inputs = Object.entries(others).map(([name, value]) => [name, tf.variable(toTf(value))] as const)
  const weights = layer.trainableWeights.map(
    (weight) => [weightName(weight.originalName), weight.read() as tf.Variable] as const,
  )
  const targets = [...weights, ...inputs]
  let y: tf.Tensor | undefined
  const { grads } = tf.variableGrads(() => {
    const all = inputs.length ? [input, ...inputs.map(([, value]) => value)] : input
    y = tf.keep(layer.call(all, kwargs) as tf.Tensor)
    return tf.sum(tf.mul(y, toTf(dy))) as tf.Scalar
  }, [input, ...targets.map(([, value]) => value)])
  const byName = Object.fromEntries(targets.map(([name, { name: key }]) => [name, grads[key]]))
  return { y: y!, dx: grads[input.name], byName }
}
