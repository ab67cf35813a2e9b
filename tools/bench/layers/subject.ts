/** A layer under the clock, on whatever backend is active. Knows neither Node nor a browser. */
import type { AnyNorm, Noise, Tensor } from '@normlab/core'
import { greatestError, normals } from '@normlab/core/testing'
import { layers } from '@normlab/tfjs-layers'
import * as tf from '@tensorflow/tfjs-core'
import { layers as stock } from '@tensorflow/tfjs-layers'
import type { LayerJob, Side } from './jobs.ts'

type Layer = Pick<
  ReturnType<typeof stock.layerNormalization>,
  'apply' | 'build' | 'trainableWeights' | 'getWeights'
>
type Made = Layer & { readonly record: AnyNorm | Noise; readonly options: Record<string, unknown> }
const factories = (set: object) => set as Record<string, (config: object) => Layer>

export interface Subject {
  /** The gradients of <y, dy> with respect to x, the weights and the other inputs. */
  step(): tf.Tensor[]
  inference(): tf.Tensor
  dispose(): void
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
const random = (shape: readonly number[], seed: number): Tensor => ({
  data: Float32Array.from(normals(Math.min(product(shape), 65_537), seed)),
  shape: [...shape],
})
/** Long arrays repeat a shorter one of odd length: drawing millions takes longer than what is timed. */
function valuesOf({ data, shape }: Tensor): Float32Array {
  const values = new Float32Array(product(shape))
  for (let i = 0; i < values.length; i += data.length)
    values.set(data.subarray(0, Math.min(data.length, values.length - i)), i)
  return values
}
const tensorOf = (t: Tensor): tf.Tensor => tf.tensor(valuesOf(t), [...t.shape])

const ours = ({ layer, config }: LayerJob): Made => factories(layers)[layer](config) as Made

/** Under core's names. */
const coreOptions = ({ options }: Made): Record<string, unknown> => {
  const { groups, momentum, ...rest } = options
  return {
    ...rest,
    ...(groups === undefined ? {} : { g: groups }),
    ...(momentum === undefined ? {} : { decay: momentum }),
  }
}

function inputsOf(job: LayerJob, shape: readonly number[]): Tensor[] {
  const made = ours(job)
  return Object.entries(made.record.params)
    .filter(([, { from }]) => from === 'input')
    .map(([name], i) => random((made.record as AnyNorm).paramShape(name, shape, coreOptions(made)), 10 + i))
}

/** Takes our kernels away from the active backend for good: what is left is the composition. */
export function unregister(): void {
  for (const { kernelName, backendName } of tf.getKernelsForBackend(tf.getBackend()))
    if (kernelName.startsWith('Normlab')) tf.unregisterKernel(kernelName, backendName)
}

export function subjectOf(job: LayerJob, side: Side, shape = job.shape): Subject {
  const layer = side === 'stock' ? factories(stock)[job.layer](job.config) : ours(job)
  const inputs = [random(shape, 1), ...inputsOf(job, shape)].map(tensorOf)
  const dy = tensorOf(random(shape, 2))
  layer.build(inputs.length > 1 ? inputs.map((t) => t.shape) : inputs[0].shape)
  const given = inputs.length > 1 ? inputs : inputs[0]
  const weights = layer.trainableWeights.map((weight) => weight.read())
  const gradients = tf.grads(() => layer.apply(given, { training: true }) as tf.Tensor)
  return {
    step: () => gradients([...inputs, ...weights], dy),
    inference() {
      const y = layer.apply(given) as tf.Tensor
      // Who times it disposes of what was made: not of x, which dropout gives back.
      return inputs.includes(y) ? tf.scalar(0) : y
    },
    dispose: () => tf.dispose([inputs, dy, layer.getWeights()]),
  }
}

/** The greatest error of dx on a small x, relative to its greatest value, by core's float64 reference. NaN: draws of its own. */
export async function errorOf(job: LayerJob, side: Side): Promise<number> {
  // The batch may be divided into parts.
  const least = job.shape.map((_, i) => (i === 0 ? 32 : 4))
  const shape = job.shape.map((size, i) => (i === job.shape.length - 1 ? size : Math.min(size, least[i])))
  const made = ours(job)
  // TensorFlow draws from a stream of its own.
  const draws = side === 'stock' || (tf.getBackend() === 'tensorflow' && job.layer === 'dropout')
  if (made.record.kind === 'noise' && draws) return Number.NaN
  const small = subjectOf(job, side, shape)
  const [dx] = small.step()
  const double = (t: Tensor): Tensor => ({ data: Float64Array.from(t.data), shape: t.shape })
  const whole = (seed: number) => double({ data: valuesOf(random(shape, seed)), shape })
  const names = Object.entries(made.record.params).filter(([, { from }]) => from === 'input')
  const params = Object.fromEntries(inputsOf(job, shape).map((t, i) => [names[i][0], double(t)]))
  const options = { ...coreOptions(made), ...(made.record.kind === 'noise' ? { seed: job.config.seed } : {}) }
  const record = made.record as AnyNorm
  const { saved } = record.forward(whole(1), params, options)
  const error = greatestError(await dx.data(), record.backward(whole(2), saved).dx.data)
  small.dispose()
  return error
}
