/**
 * What is wrong with the layers of TensorFlow.js 4.22.0, found by running it. Each test runs stock first and says how it
 * fails, then the same code with the drop-in.
 */
import * as tf from '@tensorflow/tfjs-core'
import {
  input,
  layers,
  loadLayersModel,
  model as makeModel,
  models,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { install, restore } from '../src/dropIn.ts'
import { useCpu } from './cpu.ts'
import { errorOf, pull, random, toTf, weightName } from './fixtures.ts'
import { useWasm } from './wasm.ts'

await useCpu()
beforeEach(restore)
afterEach(useCpu)

type Layer = layers.Layer
type Factory = (config: object) => Layer
const make = layers as unknown as Record<string, Factory>
const training = { training: true }
const values = (t: unknown): number[] => Array.from((t as tf.Tensor).dataSync())
const built = (layer: Layer, shape: (number | null)[]): Layer => {
  layer.build(shape)
  return layer
}
/** y and gradients of a training step. */
const step = (layer: Layer, shape: number[], seed = 1) =>
  pull(built(layer, shape) as never, random(shape, seed), random(shape, seed + 1))

/** Mean 0 and variance 1 along every axis but these. */
function expectNormalized(y: tf.Tensor, kept: number[]): void {
  const axes = y.shape.map((_, i) => i).filter((i) => !kept.includes(i))
  const { mean, variance } = tf.moments(y, axes)
  for (const value of values(mean)) expect(Math.abs(value)).toBeLessThan(1e-5)
  for (const value of values(variance)) expect(Math.abs(value - 1)).toBeLessThan(5e-3)
}

test('1: layer normalization launches thousands of kernels in a training step', async () => {
  const count = async () =>
    (await tf.profile(() => step(layers.layerNormalization(), [8, 128, 32]).dx)).kernels.length
  expect(await count()).toBeGreaterThan(4000)
  install()
  expect(await count()).toBeLessThan(60)
})

test.each([
  ['layerNormalization', 25],
  ['batchNormalization', 14],
])('2: %s needs %d times the memory of x in a training step', async (name, times) => {
  const shape = [8, 64, 64]
  const bytes = 4 * 8 * 64 * 64
  const peak = async () => {
    const [x, dy] = [toTf(random(shape, 1)), toTf(random(shape, 2))]
    const layer = built(make[name]({}), shape)
    const { peakBytes } = await tf.profile(() => tf.grad((t) => layer.call(t, training) as tf.Tensor)(x, dy))
    tf.dispose([x, dy])
    return (peakBytes - tf.memory().numBytes) / bytes
  }
  const before = await peak()
  expect(before).toBeGreaterThan(times)
  install()
  expect(await peak()).toBeLessThan(before / 2)
})

describe('3: training throws', () => {
  test.each([
    ['batchNormalization', { center: false }, [6, 4], [1]],
    ['batchNormalization', { scale: false }, [6, 4], [1]],
    ['batchNormalization', { center: false, scale: false }, [6, 3, 4], [2]],
    ['batchNormalization', {}, [3, 2, 2, 2, 4], [4]],
    ['layerNormalization', { center: false }, [6, 4], [0]],
    ['layerNormalization', { scale: false }, [6, 4], [0]],
  ] as const)('%s %j of shape %j', (name, config, shape, kept) => {
    expect(() => step(make[name](config), [...shape])).toThrow(/read|undefined|implemented|gradient/i)
    install()
    const { y, dx } = step(make[name](config), [...shape])
    expectNormalized(y, [...kept])
    expect(dx.shape).toEqual([...shape])
    expect(values(dx).every(Number.isFinite)).toBe(true)
  })
})

describe.each([
  ['cpu', useCpu],
  ['wasm', useWasm],
] as const)('4: batchNormalization of axis 1 on %s', (_, use) => {
  const shape = [4, 3, 5, 2]
  test('training throws', async () => {
    await use()
    expect(() => step(layers.batchNormalization({ axis: 1 }), shape)).toThrow(/.+/)
    install()
    expectNormalized(step(layers.batchNormalization({ axis: 1 }), shape).y, [1])
  })
  test('inference is wrong', async () => {
    await use()
    const x = toTf(random(shape, 1))
    const answer = () => {
      const layer = built(layers.batchNormalization({ axis: 1 }), shape)
      layer.setWeights(
        [
          [2, 3, 4],
          [0, 1, 2],
          [1, 2, 3],
          [1, 4, 9],
        ].map((w) => tf.tensor(w)),
      )
      return layer.apply(x) as tf.Tensor
    }
    const column = (w: number[]) => tf.reshape(tf.tensor(w), [1, 3, 1, 1])
    const want = tf.add(
      tf.mul(
        tf.div(tf.sub(x, column([1, 2, 3])), tf.sqrt(tf.add(column([1, 4, 9]), 1e-3))),
        column([2, 3, 4]),
      ),
      column([0, 1, 2]),
    )
    const wanted = { data: Float64Array.from(want.dataSync()), shape }
    expect(errorOf(answer(), wanted)).toBeGreaterThan(0.1)
    install()
    expect(errorOf(answer(), wanted)).toBeLessThan(1e-5)
  })
})

describe('5: the moving statistics', () => {
  const moving = (layer: Layer) => layer.getWeights().slice(-2).map(values)
  const x = () => toTf(random([8, 3], 1, 2, 5))

  test('follow the batches although trainable is false', () => {
    const frozen = () => {
      const layer = built(layers.batchNormalization({ trainable: false }), [8, 3])
      layer.apply(x(), training)
      return moving(layer)
    }
    expect(frozen()).not.toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ])
    install()
    expect(frozen()).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ])
  })

  test('count what is masked', async () => {
    const data = tf.tensor([1, 3, 0, 0, 2, 4, 6, 0], [2, 4, 1])
    const means = async () => {
      const model = sequential({
        layers: [
          layers.masking({ maskValue: 0, inputShape: [4, 1] }),
          layers.batchNormalization({ momentum: 0 }),
        ],
      })
      model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(0) })
      await model.fit(data, data, { verbose: 0 })
      return model.layers[1].getWeights().slice(-2).map(values).flat()
    }
    expect((await means())[0]).toBeCloseTo(2)
    install()
    const [mean, variance] = await means()
    expect(mean).toBeCloseTo(16 / 5)
    expect(variance).toBeCloseTo(66 / 5 - (16 / 5) ** 2)
  })

  test('decay in an empty batch', () => {
    const empty = () => {
      const layer = built(layers.batchNormalization(), [null, 3])
      layer.apply(tf.zeros([0, 3]), training)
      return moving(layer)[1]
    }
    expect(empty()[0]).toBeCloseTo(0.99)
    install()
    expect(empty()).toEqual([1, 1, 1])
  })
})

describe('6: layerNormalization', () => {
  test('does not sort its axes', () => {
    const shapes = () =>
      built(layers.layerNormalization({ axis: [-1, -2] }), [2, 2, 3]).weights.map(({ shape }) => shape)
    expect(shapes()[0]).toEqual([3, 2])
    install()
    expect(shapes()[0]).toEqual([2, 3])
  })

  test('drops constraints', () => {
    const config = { gammaConstraint: 'nonNeg', betaConstraint: 'maxNorm' } as object
    const gamma = () => {
      const layer = built(layers.layerNormalization(config), [2, 3])
      layer.weights[0].write(tf.tensor([-1, 2, -3]))
      return values(layer.getWeights()[0])
    }
    expect(gamma()).toEqual([-1, 2, -3])
    install()
    expect(gamma().map((value) => value + 0)).toEqual([0, 2, 0])
    expect(layers.layerNormalization(config).getConfig().betaConstraint).toMatchObject({
      className: 'MaxNorm',
    })
  })

  test("changes the caller's list of axes", () => {
    const axes = () => {
      const axis = [-1]
      built(layers.layerNormalization({ axis }), [2, 3])
      return axis
    }
    expect(axes()).toEqual([1])
    install()
    expect(axes()).toEqual([-1])
  })
})

describe('7: dropout', () => {
  test('with a seed has one mask for all steps', () => {
    const masks = () => {
      const layer = layers.dropout({ rate: 0.5, seed: 7 })
      return [0, 1].map(() => String(values(layer.apply(tf.ones([100]), training))))
    }
    const [a, b] = masks()
    expect(a).toBe(b)
    install()
    const [first, second] = masks()
    expect(first).not.toBe(second)
    expect(masks()).toEqual([first, second])
  })

  test('of rate 1 keeps all', () => {
    const rest = () => values(layers.dropout({ rate: 1 }).apply(tf.ones([4]), training))
    expect(rest()).toEqual([1, 1, 1, 1])
    install()
    expect(rest()).toEqual([0, 0, 0, 0])
  })
})

test.each([0.1, 0.3, 0.5])('8: alphaDropout of rate %f moves the mean', (rate) => {
  const mean = () => {
    const y = layers.alphaDropout({ rate }).apply(toTf(random([40_000], 3)), training) as tf.Tensor
    return values(tf.mean(y))[0]
  }
  expect(mean()).toBeGreaterThan(0.25)
  install()
  expect(Math.abs(mean())).toBeLessThan(0.03)
})

describe('9: missing', () => {
  const load = (className: string, config: object, shape: number[]) =>
    models.modelFromJSON({
      class_name: 'Sequential',
      config: {
        layers: [{ class_name: className, config: { batch_input_shape: [null, ...shape], ...config } }],
      },
    } as never)

  test.each([
    ['GroupNormalization', { groups: 2 }, [3, 4]],
    ['GroupNormalization', { groups: -1, name: 'instance' }, [3, 4]],
    ['RMSNormalization', {}, [4]],
    ['UnitNormalization', { axis: [-1] }, [4]],
    ['SpectralNormalization', { layer: { class_name: 'Dense', config: { units: 2 } } }, [4]],
    ['SyncBatchNormalization', {}, [4]],
    ['SpatialDropout2D', { rate: 0.5, data_format: 'channels_first' }, [4, 3, 3]],
    ['SpatialDropout3D', { rate: 0.5 }, [2, 2, 2, 4]],
  ])('%s %j', async (name, config, shape) => {
    await expect(load(name, config, shape)).rejects.toThrow(`Unknown layer: ${name}`)
    install()
    const model = await load(name, config, shape)
    const y = model.predict(toTf(random([2, ...shape], 1))) as tf.Tensor
    expect(values(y).every(Number.isFinite)).toBe(true)
  })

  test('SpatialDropout2D drops whole channels, also where these are first', async () => {
    install()
    const model = await load('SpatialDropout2D', { rate: 0.5, data_format: 'channels_first' }, [8, 3, 3])
    const y = model.apply(tf.ones([4, 8, 3, 3]), training) as tf.Tensor
    const sums = values(tf.sum(y, [2, 3]))
    expect(new Set(sums)).toEqual(new Set([0, 18]))
    expect(model.layers[0].getConfig()).toMatchObject({ rate: 0.5, dataFormat: 'channelsFirst' })
  })

  test("Keras 3's batch_shape, policies of types, and mixed precision", async () => {
    const json = {
      module: 'keras',
      class_name: 'Sequential',
      registered_name: 'Sequential',
      config: {
        name: 'sequential',
        layers: [
          {
            module: 'keras.layers',
            class_name: 'InputLayer',
            config: { batch_shape: [null, 3], name: 'in' },
          },
          {
            module: 'keras.layers',
            class_name: 'BatchNormalization',
            config: {
              name: 'norm',
              dtype: { module: 'keras', class_name: 'DTypePolicy', config: { name: 'mixed_float16' } },
            },
          },
        ],
      },
    }
    await expect(models.modelFromJSON(structuredClone(json) as never)).rejects.toThrow(/batchInputShape/)
    install()
    const model = await models.modelFromJSON(structuredClone(json) as never)
    expect(model.inputs[0].shape).toEqual([null, 3])
    expect((model.predict(tf.ones([2, 3])) as tf.Tensor).dtype).toBe('float32')
  })
})

describe('10: training calls', () => {
  const recurrent = () =>
    sequential({
      layers: [
        layers.lstm({
          units: 2,
          stateful: true,
          recurrentInitializer: 'glorotUniform',
          batchInputShape: [3, 2, 3],
        }),
        layers.batchNormalization(),
      ],
    })
  /** Tensors left behind by each of 20 calls. */
  const leak = async (model: LayersModel, call: (model: LayersModel) => unknown) => {
    await call(model)
    await call(model)
    const before = tf.memory().numTensors
    for (let i = 0; i < 20; i++) await call(model)
    return (tf.memory().numTensors - before) / 20
  }
  const [x, y] = [toTf(random([3, 2, 3], 1)), tf.ones([3, 2])]
  const apply = (model: LayersModel) => tf.dispose(tf.tidy(() => model.apply(x, training) as tf.Tensor))
  const train = (model: LayersModel) => model.trainOnBatch(x, y)

  test.each([
    ['apply', apply],
    ['trainOnBatch', train],
  ] as const)('%s of a stateful model leaks', async (_, call) => {
    const made = () => {
      const model = recurrent()
      model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' })
      return model
    }
    expect(await leak(made(), call)).toBe(2)
    install()
    expect(await leak(made(), call)).toBe(0)
  })

  test('what is kept for a gradient is there when it is taken', () => {
    install()
    const make2 = () => {
      const model = recurrent()
      model.setWeights(model.getWeights().map((w, i) => toTf(random(w.shape, i))))
      return model
    }
    const model = make2()
    const loss = () =>
      tf.sum(
        tf.square(tf.add(model.apply(x, training) as tf.Tensor, model.apply(x, training) as tf.Tensor)),
      ) as tf.Scalar
    const first = values(tf.variableGrads(loss).value)[0]
    expect(Number.isFinite(first)).toBe(true)
    const { grads } = tf.variableGrads(loss)
    expect(Object.values(grads).every((g) => values(g).every(Number.isFinite))).toBe(true)
  })

  test('training: true of a layer is lost, also on load', async () => {
    const made = () => {
      const start = input({ shape: [100] })
      const y1 = layers.dropout({ rate: 0.5 }).apply(start, training) as SymbolicTensor
      return makeModel({ inputs: start, outputs: y1 })
    }
    const zeros = (model: LayersModel) =>
      values(model.predict(tf.ones([1, 100]))).filter((value) => value === 0).length
    const reload = (model: LayersModel) =>
      loadLayersModel({ load: async () => ({ modelTopology: model.toJSON(null, false) as object }) })
    expect(zeros(made())).toBe(0)
    install()
    const model = made()
    expect(zeros(model)).toBeGreaterThan(20)
    expect(zeros(await reload(model))).toBeGreaterThan(20)
  })
})

test('names of weights, layers and classes are those of stock', () => {
  const names = () => {
    const layer = built(layers.batchNormalization({ name: 'norm' }), [2, 3])
    const { name } = layer.constructor
    return [name, layer.getClassName(), ...layer.weights.map(({ originalName }) => weightName(originalName))]
  }
  const stock = names()
  install()
  expect(names()).toEqual(stock)
})
