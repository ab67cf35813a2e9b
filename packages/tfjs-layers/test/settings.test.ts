/** Where layers stand in a model: every kind of place that tfjs has for them, with the layers of tf.layers beside them. */
import * as tf from '@tensorflow/tfjs-core'
import {
  input,
  layers as stock,
  model as makeModel,
  models,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { layers, type NoiseLayer, type NormLayer } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { errorOf, random, toTf, TOLERANCE } from './fixtures.ts'

await useCpu()

type Made = NormLayer | NoiseLayer
const kinds: Record<string, (config?: object) => Made> = {
  batchNormalization: layers.batchNormalization,
  'batchNormalization, renorm': (config) => layers.batchNormalization({ renorm: true, ...config }),
  'batchNormalization, virtual batch': (config) =>
    layers.batchNormalization({ virtualBatchSize: 2, ...config }),
  layerNormalization: layers.layerNormalization,
  groupNormalization: (config) => layers.groupNormalization({ groups: 2, ...config }),
  instanceNormalization: layers.instanceNormalization,
  rmsNormalization: layers.rmsNormalization,
  unitNormalization: layers.unitNormalization,
  dropout: (config) => layers.dropout({ seed: 1, ...config }),
  spatialDropout: (config) => layers.spatialDropout({ seed: 1, ...config }),
  alphaDropout: (config) => layers.alphaDropout({ seed: 1, ...config }),
}
const kernelInitializer = { className: 'GlorotUniform', config: { seed: 1 } } as never
const plain = (t: tf.Tensor) => ({ data: Float64Array.from(t.dataSync()), shape: t.shape })
const training = { training: true }

describe.each(Object.entries(kinds))('%s', (_, make) => {
  const x = toTf(random([6, 3, 4], 1))

  test('symbolic tensors: shape, also with sizes that are not known', () => {
    const start = input({ batchShape: [null, null, 4] })
    expect((make().apply(start) as SymbolicTensor).shape).toEqual([null, null, 4])
  })

  test('a sequential model and a functional one are the same', async () => {
    const build = (functional: boolean): LayersModel => {
      const parts = () => [
        make({ inputShape: [3, 4] }),
        stock.flatten(),
        stock.dense({ units: 2, kernelInitializer }),
      ]
      if (!functional) return sequential({ layers: parts() })
      const start = input({ shape: [3, 4] })
      const end = parts().reduce<SymbolicTensor>((t, layer) => layer.apply(t) as SymbolicTensor, start)
      return makeModel({ inputs: start, outputs: end })
    }
    const results = []
    for (const functional of [false, true]) {
      const model = build(functional)
      model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(0.05) })
      const { history } = await model.fit(x, tf.ones([6, 2]), { epochs: 3, verbose: 0, shuffle: false })
      results.push({ loss: history.loss, y: Array.from((model.predict(x) as tf.Tensor).dataSync()) })
    }
    expect(results[1]).toEqual(results[0])
  })

  test('a clone by its config, with its weights, is the same', async () => {
    const model = sequential({ layers: [make({ inputShape: [3, 4] })] })
    tf.dispose(model.apply(x, training) as tf.Tensor)
    const clone = await models.modelFromJSON(JSON.parse(model.toJSON() as unknown as string))
    clone.setWeights(model.getWeights())
    for (const how of [{}, training]) {
      const [a, b] = [model, clone].map((one) => one.apply(x, how) as tf.Tensor)
      expect(Array.from(b.dataSync())).toEqual(Array.from(a.dataSync()))
    }
  })

  test('time steps: each is a batch of its own', () => {
    const timed = stock.timeDistributed({ layer: make() as never })
    const alone = make()
    const y = timed.apply(x, training) as tf.Tensor
    const steps = tf.unstack(x, 1).map((one) => alone.apply(one, training) as tf.Tensor)
    expect(errorOf(y, plain(tf.stack(steps, 1)))).toBeLessThanOrEqual(TOLERANCE)
  })

  test('integers come out as floats', () => {
    const whole = tf.cast(tf.mul(x, 5), 'int32')
    const [a, b] = [whole, tf.cast(whole, 'float32')].map((t) => make().apply(t, training) as tf.Tensor)
    expect(a.dtype).toBe('float32')
    expect(Array.from(a.dataSync())).toEqual(Array.from(b.dataSync()))
    const model = sequential({ layers: [make({ inputShape: [3, 4] })] })
    expect((model.predict(whole) as tf.Tensor).dtype).toBe('float32')
  })

  test('in a tidy nothing is left but the result; out of it, too', () => {
    const layer = make()
    tf.dispose(layer.apply(x, training) as tf.Tensor)
    const before = tf.memory().numTensors
    const y = tf.tidy(() => layer.apply(x, training) as tf.Tensor)
    const z = layer.call(x, training) as tf.Tensor
    expect(tf.memory().numTensors).toBe(before + 2)
    tf.dispose([y, z])
  })

  test('masks pass through', () => {
    const mask = tf.ones([6, 3], 'bool')
    expect(make().supportsMasking).toBe(true)
    expect(make().computeMask(x, mask)).toBe(mask)
  })

  test('dispose frees its weights', () => {
    const before = tf.memory().numTensors
    const layer = make()
    tf.dispose(layer.apply(x) as tf.Tensor)
    layer.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('masks of other layers', () => {
  const tokens = tf.tensor([1, 2, 0, 3, 0, 0, 4, 5, 6], [3, 3])
  const embedding = () =>
    stock.embedding({
      inputDim: 7,
      outputDim: 4,
      maskZero: true,
      inputLength: 3,
      embeddingsInitializer: kernelInitializer,
    })
  const moving = (model: LayersModel) =>
    model.layers.find((layer) => layer.getClassName().endsWith('BatchNormalization'))!.getWeights()[2]
  const fit = async (between: stock.Layer[]) => {
    const model = sequential({
      layers: [embedding(), ...between, layers.batchNormalization({ momentum: 0 })],
    })
    model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(0) })
    const y = tf.zeros((model.predict(tokens) as tf.Tensor).shape)
    await model.fit(tokens, y, { verbose: 0, shuffle: false })
    return model
  }

  test('a mask reaches BatchNormalization through layers that hand it on', async () => {
    const model = await fit([layers.layerNormalization()])
    const table = tf.reshape(
      model.layers[1].apply(model.layers[0].apply(tokens) as tf.Tensor) as tf.Tensor,
      [9, 4],
    )
    const kept = tf.gather(table, tf.tensor1d([0, 1, 3, 6, 7, 8], 'int32'))
    expect(errorOf(moving(model), plain(tf.mean(kept, 0)))).toBeLessThanOrEqual(TOLERANCE)
  })

  // tfjs keeps handing on the last mask that there was.
  test.each([
    [
      'an LSTM that returns its last output',
      () => stock.lstm({ units: 3, kernelInitializer, recurrentInitializer: kernelInitializer }),
    ],
    ['flatten', () => stock.flatten()],
  ])('none reaches it behind %s', async (_, between) => {
    const layer = between()
    const model = await fit([layer])
    const bare = makeModel({ inputs: model.inputs, outputs: layer.output as SymbolicTensor })
    expect(errorOf(moving(model), plain(tf.mean(bare.predict(tokens) as tf.Tensor, 0)))).toBeLessThanOrEqual(
      1e-4,
    )
  })
})
