/** Which operations the layers run on tensorflow, how exact they are, and what they leave behind. */
import { layerNorm } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { layers as stock, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { layers, type NormLayer } from '../src/index.ts'
import { errorOf, pull, random, toTf } from './fixtures.ts'
import { opsOf, useTensorflow } from './tensorflow.ts'

await useTensorflow()

const factories = layers as unknown as Record<string, (config: object) => NormLayer>

/** Of a forward and its gradients, given dy: what the layer itself runs. */
function stepOps(layer: NormLayer, shape: number[]): string[] {
  layer.build(shape)
  const [x, dy] = [toTf(random(shape, 1)), toTf(random(shape, 2))]
  const weights = layer.trainableWeights.map((weight) => weight.read() as tf.Variable)
  const names = opsOf(() =>
    tf.tidy(() => {
      const loss = tf.engine().gradients(() => layer.call(x, { training: true }), [x, ...weights], dy)
      return loss.grads
    }),
  )
  // tfjs copies what is saved.
  return names.filter((name) => name !== 'Identity')
}

test('a LayerNorm training step is at most 13 operations', () => {
  const names = stepOps(factories.layerNormalization({}), [8, 16, 24])
  expect(names).toEqual([
    ...['Reshape', 'Mean', 'Sub', 'FusedBatchNormV3', 'FusedBatchNormV3', 'Reshape', 'AddV2', 'Rsqrt'],
    ...['Reshape', 'FusedBatchNormGradV3', 'FusedBatchNormGradV3', 'Reshape'],
  ])
  expect(names.length).toBeLessThanOrEqual(13)
})

test.each([
  ['channels last', [4, 5, 6, 8], -1],
  ['channels first', [4, 8, 5, 6], 1],
  ['rank 5, channels last', [2, 3, 5, 6, 8], -1],
  ['rank 5, channels first', [2, 8, 3, 5, 6], 1],
])('BatchNorm is one operation forward and one back, and its moving statistics: %s', (_, shape, axis) => {
  const names = stepOps(factories.batchNormalization({ axis }), shape)
  expect(names.filter((name) => name.startsWith('FusedBatchNorm'))).toEqual([
    'FusedBatchNormV3',
    'FusedBatchNormGradV3',
  ])
  expect(names.filter((name) => name === 'Transpose' || name === 'Sum')).toEqual([])
})

test('GroupNorm, channels last, transposes twice and back', () => {
  const names = stepOps(factories.groupNormalization({ groups: 2 }), [4, 5, 6, 8])
  expect(names.filter((name) => name === 'Transpose')).toHaveLength(5)
})

// BatchNorm keeps TensorFlow's accuracy, one float32 mean: its error grows with |mean| / std.
test.each([
  ['layerNormalization', 1e3, 1e-5],
  ['layerNormalization', 1e6, 1e-5],
  ['groupNormalization', 1e6, 1e-5],
  ['instanceNormalization', 1e6, 1e-5],
  ['batchNormalization', 1e3, 2e-4],
] as const)('%s at a mean of %d is right to %d', (name, mean, tolerance) => {
  const shape = [4, 64, 24]
  const layer = factories[name](name === 'groupNormalization' ? { groups: 2 } : {})
  layer.build(shape)
  const [x, dy] = [random(shape, 1, 1, mean), random(shape, 2)]
  const options = { epsilon: 1e-3, axis: -1, ...(name === 'groupNormalization' ? { g: 2 } : {}) }
  const { y, saved } = layer.record.forward(x, {}, options)
  const want = layer.record.backward(dy, saved)
  const got = pull(layer, x, dy)
  expect(errorOf(got.y, y), 'y').toBeLessThanOrEqual(tolerance)
  expect(errorOf(got.dx, want.dx), 'dx').toBeLessThanOrEqual(tolerance)
})

test.each([0, 1e-12, 1e-3])('epsilon %d is served, by composition where it is 0', (epsilon) => {
  const shape = [8, 24]
  const layer = factories.layerNormalization({ epsilon })
  layer.build(shape)
  const [x, dy] = [random(shape, 1), random(shape, 2)]
  const { y, saved } = layerNorm.forward(x, {}, { epsilon, axis: -1 })
  const names = opsOf(() => expect(errorOf(pull(layer, x, dy).y, y)).toBeLessThanOrEqual(1e-5))
  expect(names.includes('FusedBatchNormV3')).toBe(epsilon > 0)
  expect(errorOf(pull(layer, x, dy).dx, layerNorm.backward(dy, saved).dx)).toBeLessThanOrEqual(1e-5)
})

test('1,000 training steps leave no tensor behind', { timeout: 240_000 }, async () => {
  const model = sequential({
    layers: [
      stock.dense({ units: 12, inputShape: [4] }),
      layers.batchNormalization(),
      layers.layerNormalization(),
      layers.rmsNormalization(),
      layers.dropout({ rate: 0.1, seed: 1 }),
      stock.reshape({ targetShape: [2, 6] }),
      layers.groupNormalization({ groups: 2 }),
      layers.instanceNormalization(),
      stock.flatten(),
      stock.dense({ units: 1 }),
    ],
  })
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
  const [x, y] = [toTf(random([8, 4], 1)), toTf(random([8, 1], 2))]
  const step = async () => {
    await model.trainOnBatch(x, y)
    tf.dispose(model.apply(x, { training: true }) as tf.Tensor)
  }
  await step()
  const before = tf.memory()
  for (let i = 0; i < 1000; i++) await step()
  const { numTensors, numBytes, numDataBuffers } = tf.memory()
  expect({ numTensors, numBytes, numDataBuffers }).toEqual({
    numTensors: before.numTensors,
    numBytes: before.numBytes,
    numDataBuffers: before.numDataBuffers,
  })
})
