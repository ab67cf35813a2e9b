/** One of several workers that train a BatchNormalization together: run by modes.test.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import * as tf from '@tensorflow/tfjs-core'
import { layers } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { pull, toTf, weightName } from './fixtures.ts'

const { rank, count, memory, size, x, dy, masks } = workerData as {
  rank: number
  count: number
  memory: SharedArrayBuffer
  /** Greatest length of an array that is reduced. */
  size: number
  x: { data: Float64Array; shape: number[] }
  dy: { data: Float64Array; shape: number[] }
  masks?: number[]
}
const control = new Int32Array(memory, 0, 2)
const slots = Array.from({ length: count }, (_, i) => new Float32Array(memory, 8 + i * size * 4, size))

function barrier(): void {
  const generation = Atomics.load(control, 1)
  if (Atomics.add(control, 0, 1) + 1 === count) {
    Atomics.store(control, 0, 0)
    Atomics.add(control, 1, 1)
    Atomics.notify(control, 1)
  } else while (Atomics.load(control, 1) === generation) Atomics.wait(control, 1, generation)
}

function allReduce(values: Float32Array): Float32Array {
  slots[rank].set(values)
  barrier()
  const sums = values.map((_, i) => slots.reduce((sum, slot) => sum + slot[i], 0))
  barrier()
  return sums
}

await useCpu()
const layer = layers.batchNormalization({ momentum: 0.5, allReduce })
layer.build(x.shape)
layer.setWeights(
  [
    [2, 0.5],
    [1, -1],
    [0, 0],
    [1, 1],
  ].map((values) => tf.tensor(values)),
)
const mask = masks && tf.tensor(masks, x.shape.slice(0, -1))
const { y, dx, byName } = pull(layer, x, dy, { training: true, mask })
const before = tf.memory().numTensors
tf.dispose(layer.apply(toTf(x), { training: true, mask }) as tf.Tensor)
const weights = layer.weights.map(({ originalName, ...rest }) => [weightName(originalName), rest] as const)
parentPort!.postMessage({
  y: y.dataSync(),
  dx: dx.dataSync(),
  gamma: byName.gamma.dataSync(),
  beta: byName.beta.dataSync(),
  names: weights.map(([name]) => name),
  moving: layer
    .getWeights()
    .slice(2)
    .map((w) => w.dataSync()),
  left: tf.memory().numTensors - before,
})
