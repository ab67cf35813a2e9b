/**
 * Training traces of others, step by step in float32. Numbers: tensorflow/tfjs at 0fc04d958ea5,
 * tfjs-layers/src/layers/normalization_test.ts (Apache-2.0); each test has their test's name.
 */
import * as tf from '@tensorflow/tfjs-core'
import { layers as stock, sequential, type Sequential } from '@tensorflow/tfjs-layers'
import { afterAll, describe, expect, test } from 'vitest'
import { restore } from '../src/dropIn.ts'
import { layers as own } from '../src/index.ts'
import { useCpu } from './cpu.ts'

await useCpu()
afterAll(restore)

const TWELVE = [1, 2, 3, 4, 2, 4, 6, 8, 12, 11, 10, 9]
const OTHER = [1, 2, 3, 3, 6, 24, 10, 5, 0, 2, 7, 8]

/** Losses, one an epoch, of full batches under SGD at 0.01. */
async function losses(model: Sequential, x: tf.Tensor, y: tf.Tensor, epochs: number): Promise<number[]> {
  model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(0.01) })
  const { history } = await model.fit(x, y, { epochs, batchSize: 32, verbose: 0 })
  return history.loss as number[]
}

const expectNear = (got: ArrayLike<number>, want: readonly number[], tolerance: number) => {
  expect(got.length).toBe(want.length)
  for (const [i, value] of want.entries()) expect(Math.abs(got[i] - value)).toBeLessThanOrEqual(tolerance)
}

describe.each([
  ['ours by name', own],
  ['tf.layers with the drop-in', stock],
])('%s', (_, layers) => {
  test.each([
    {
      name: 'Fit: 2D, BatchNorm Layer Only',
      shape: [3, 4],
      loss: [0.9998891353607178, 0.9899163246154785],
      gamma: [0.9900254, 0.9900257, 0.9900262, 0.9900271],
      mean: [0.09949999, 0.11276666, 0.12603334, 0.13929999],
      variance: [1.4709667, 1.2763889, 1.1437222, 1.0729666],
    },
    {
      name: 'Fit: 3D, BatchNorm Layer Only',
      shape: [3, 2, 2],
      loss: [0.9999215006828308, 0.980024516582489],
      gamma: [0.98010117, 0.98010194],
      mean: [0.11276666, 0.12603334],
      variance: [1.3161889, 1.1835222],
    },
  ])('$name', async ({ shape, loss, gamma, mean, variance }) => {
    const model = sequential({ layers: [layers.batchNormalization({ inputShape: shape.slice(1) })] })
    expectNear(await losses(model, tf.tensor(TWELVE, shape), tf.zeros(shape), 2), loss, 1e-6)
    const got = model.getWeights().map((weight) => weight.dataSync())
    expectNear(got[0], gamma, 1e-6)
    expectNear(
      got[1],
      gamma.map(() => 0),
      1e-8,
    )
    expectNear(got[2], mean, 1e-6)
    expectNear(got[3], variance, 1e-6)
  })

  test('Training: 2D: as intermediate layer', async () => {
    const model = sequential({
      layers: [
        stock.dense({ units: 10, kernelInitializer: 'ones', inputShape: [3] }),
        layers.layerNormalization(),
        stock.dense({ units: 1, kernelInitializer: 'ones' }),
      ],
    })
    const want = [3.5, 3.1083502769470215, 2.8706729412078857, 2.7243311405181885, 2.6366190910339355]
    const got = await losses(model, tf.tensor(OTHER, [4, 3]), tf.tensor([0, -1, 2, 3], [4, 1]), 5)
    // All ten hidden units are equal: the variance is 0, and epsilon and float32's rounding decide.
    expectNear(got, want, 1e-3)
  })

  test('Training: 3D: non-default axis', async () => {
    const model = sequential({
      layers: [
        layers.layerNormalization({ axis: [-2, -1], inputShape: [2, 3] }),
        stock.flatten(),
        stock.dense({ units: 1, kernelInitializer: 'ones' }),
      ],
    })
    const want = [0.5, 0.3337608873844147, 0.23789873719215393, 0.17923809587955475, 0.1408553570508957]
    const got = await losses(model, tf.tensor(OTHER, [2, 2, 3]), tf.tensor([0, -1], [2, 1]), 5)
    expectNear(got, want, 1e-6)
  })
})
