/** Beside stock tf.layers: equal where stock is right, and right where it is not. */
import * as tf from '@tensorflow/tfjs-core'
import { layers as stock, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { layers } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { errorOf, pull, random, toTf, TOLERANCE } from './fixtures.ts'

await useCpu()

const asTensor = (t: tf.Tensor) => ({ data: Float64Array.from(t.dataSync()), shape: t.shape })

describe.each([[[6, 5]], [[3, 4, 5]], [[2, 3, 2, 5]]])('shape %j', (shape) => {
  const x = toTf(random(shape, 1, 2, 3))
  const pairs = [
    ['batchNormalization', { momentum: 0.9, epsilon: 0.01 }, true],
    ['batchNormalization', {}, false],
    ['layerNormalization', {}, false],
    ['layerNormalization', { axis: -1, epsilon: 0.1 }, true],
  ] as const
  test.each(pairs)(
    '%s %o, training %s: equal, and weights of one fit the other',
    (name, config, training) => {
      const ours: stock.Layer = layers[name]({ ...config } as object)
      const theirs = (name === 'batchNormalization' ? stock.batchNormalization : stock.layerNormalization)({
        ...config,
      })
      for (const layer of [ours, theirs]) layer.build(shape)
      const shared = theirs.weights.map((weight, i) =>
        toTf({
          ...random(weight.shape as number[], i),
          data: random(weight.shape as number[], i).data.map((v) => Math.abs(v) + 0.1),
        }),
      )
      const suffix = (layer: stock.Layer) =>
        layer.weights.map(({ originalName, shape: size }) => [originalName.replace(/^.*\//, ''), size])
      expect(suffix(ours)).toEqual(suffix(theirs))
      for (const layer of [ours, theirs]) layer.setWeights(shared)
      const [a, b] = [ours, theirs].map((layer) => layer.apply(x, { training }) as tf.Tensor)
      expect(errorOf(a, asTensor(b))).toBeLessThanOrEqual(TOLERANCE)
      ours
        .getWeights()
        .forEach((weight, i) =>
          expect(errorOf(weight, asTensor(theirs.getWeights()[i]))).toBeLessThanOrEqual(TOLERANCE),
        )
    },
  )
})

test('importing this module leaves the stock classes where they were', async () => {
  const model = sequential({
    layers: [stock.batchNormalization({ inputShape: [3] }), layers.batchNormalization()],
  })
  const loaded = await loadLayersModel(
    { load: async () => ({ modelTopology: model.toJSON(null, false) as object }) },
    { strict: false },
  )
  expect(loaded.layers.map((layer) => layer.getClassName())).toEqual([
    'BatchNormalization',
    'normlab>BatchNormalization',
  ])
})

test('a file of stock weights loads by name', async () => {
  const names = { inputShape: [3], name: 'norm' }
  const theirs = sequential({ layers: [stock.batchNormalization(names)] })
  theirs.setWeights([1, 2, 3, 4].map((value) => tf.tensor([value, value, value])))
  let artifacts: tf.io.ModelArtifacts = {}
  await theirs.save(
    tf.io.withSaveHandler(async (given) => {
      artifacts = given
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
  )
  const ours = sequential({ layers: [layers.batchNormalization(names)] })
  ours.loadWeights(tf.io.decodeWeights(artifacts.weightData as ArrayBuffer, artifacts.weightSpecs!))
  expect(ours.getWeights().map((weight) => weight.dataSync()[0])).toEqual([1, 2, 3, 4])
})

describe('kernels of forward and gradient', () => {
  const shape = [8, 128, 32]
  const [x, dy] = [toTf(random(shape, 1)), toTf(random(shape, 2))]
  const kernels = async (layer: stock.Layer) => {
    layer.build(shape)
    const { kernels: all } = await tf.profile(() =>
      tf.grad((t) => layer.call(t, { training: true }) as tf.Tensor)(x, dy),
    )
    return all.map(({ name }) => name)
  }
  test.each([
    ['batchNormalization', 52],
    ['layerNormalization', 40],
    ['groupNormalization', 40],
    ['instanceNormalization', 40],
    ['rmsNormalization', 34],
  ] as const)('%s: at most %i, none of them Tile', async (name, most) => {
    const names = await kernels(layers[name]())
    expect(names.length).toBeLessThanOrEqual(most)
    expect(names).not.toContain('Tile')
  })
  test('stock layer normalization, its weights included: above a thousand; ours: at most 60', async () => {
    const step = async (layer: stock.Layer) => {
      layer.build(shape)
      return (await tf.profile(() => pull(layer, random(shape, 1), random(shape, 2)).y)).kernels.length
    }
    expect(await step(stock.layerNormalization())).toBeGreaterThan(1000)
    expect(await step(layers.layerNormalization())).toBeLessThanOrEqual(60)
  })
})

test('a mean of a million does not eat the variance', () => {
  const shape = [4, 256]
  const x = random(shape, 1, 1, 1e6)
  const exact = { data: Float64Array.from(x.data, Math.fround), shape }
  const layer = layers.layerNormalization()
  layer.build(shape)
  const { y } = pull(layer, exact, random(shape, 2))
  const rows = [0, 1, 2, 3].flatMap((row) => {
    const values = exact.data.subarray(row * 256, row * 256 + 256)
    const mean = values.reduce((a, b) => a + b) / 256
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / 256
    return Array.from(values, (value) => (value - mean) / Math.sqrt(variance + 1e-3))
  })
  expect(errorOf(y, { data: Float64Array.from(rows), shape })).toBeLessThanOrEqual(1e-6)
})
