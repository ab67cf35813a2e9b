/** Layers that wrap another one: each record over weights around each kind of kernel. */
import { noise, norm, type AnyNorm, type Noise, type Tensor } from '@normlab/core'
import { normals } from '@normlab/core/testing'
import * as tf from '@tensorflow/tfjs-core'
import {
  layers as stock,
  loadLayersModel,
  sequential,
  type LayersModel,
  type LayerVariable,
} from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { defineLayer, layers, NormlabError, WeightLayer } from '../src/index.ts'
import { factoryName, layerName } from '../src/names.ts'
import { useCpu } from './cpu.ts'
import { errorOf, ofWeights, pull, random, toTf, TOLERANCE, weightName } from './fixtures.ts'

await useCpu()

type Layer = stock.Layer
const seeded = { className: 'GlorotUniform', config: { seed: 3 } } as never
const init = {
  kernelInitializer: seeded,
  biasInitializer: { className: 'RandomNormal', config: { seed: 4 } } as never,
}

interface Kind {
  name: string
  make: () => Layer
  shape: number[]
  /** Names of the kernels and their axes of outputs. */
  kernels: Record<string, number[]>
}
const kinds: Kind[] = [
  { name: 'dense', make: () => stock.dense({ units: 3, ...init }), shape: [4, 5], kernels: { kernel: [1] } },
  {
    name: 'conv1d',
    make: () => stock.conv1d({ filters: 3, kernelSize: 2, ...init }),
    shape: [2, 5, 4],
    kernels: { kernel: [2] },
  },
  {
    name: 'conv2d',
    make: () => stock.conv2d({ filters: 3, kernelSize: 2, activation: 'tanh', ...init }),
    shape: [2, 4, 4, 2],
    kernels: { kernel: [3] },
  },
  {
    name: 'conv3d',
    make: () => stock.conv3d({ filters: 2, kernelSize: 2, ...init }),
    shape: [2, 3, 3, 3, 2],
    kernels: { kernel: [4] },
  },
  {
    name: 'conv2dTranspose',
    make: () => stock.conv2dTranspose({ filters: 3, kernelSize: 2, ...init }),
    shape: [2, 3, 3, 2],
    kernels: { kernel: [2] },
  },
  {
    name: 'depthwiseConv2d',
    make: () => stock.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, depthwiseInitializer: seeded }),
    shape: [2, 4, 4, 2],
    kernels: { depthwise_kernel: [2, 3] },
  },
  {
    name: 'separableConv2d',
    make: () =>
      stock.separableConv2d({
        filters: 3,
        kernelSize: 2,
        depthwiseInitializer: seeded,
        pointwiseInitializer: seeded,
      }),
    shape: [2, 4, 4, 3],
    kernels: { depthwise_kernel: [2, 3], pointwise_kernel: [3] },
  },
  {
    name: 'simpleRNN',
    make: () => stock.simpleRNN({ units: 3, ...init, recurrentInitializer: seeded }),
    shape: [2, 3, 4],
    kernels: { kernel: [1], recurrent_kernel: [1] },
  },
  {
    name: 'timeDistributed dense',
    make: () => stock.timeDistributed({ layer: stock.dense({ units: 3, ...init }) }),
    shape: [2, 3, 4],
    kernels: { kernel: [1] },
  },
]

const makeWrapper = (record: { name: string }, config: object): WeightLayer => {
  const factory = (layers as unknown as Record<string, (config: object) => WeightLayer>)[
    factoryName(layerName(record.name))
  ]
  return factory(config)
}
const read = (variable: LayerVariable): Tensor => ({
  data: Float64Array.from(variable.read().dataSync()),
  shape: variable.shape as number[],
})
const isSeeded = (record: AnyNorm | Noise) => (record.kind === 'noise' ? { seed: 5 } : {})
const own = (wrapper: WeightLayer, kernel: string, name: string) =>
  wrapper.weights.find(({ originalName }) => originalName.endsWith(`${kernel}/${name}`))

/** Core's transform of a kernel, with the wrapper's parameters and state as they are now. */
function expected(
  record: AnyNorm | Noise,
  wrapper: WeightLayer,
  kernel: string,
  axis: number[],
  index: number,
  step: number | null,
) {
  const variable = wrapper.layer.weights.find(({ originalName }) => weightName(originalName) === kernel)!
  const w = read(variable)
  if (record.kind === 'noise')
    return record.forward(
      w,
      {},
      { axis, rate: 0.5, seed: 5 + index, step: step ?? 0, training: step !== null },
    )
  const params = Object.fromEntries(
    Object.keys(record.params).map((name) => [name, read(own(wrapper, kernel, name)!)]),
  )
  const state = record.state && {
    ...Object.fromEntries(Object.keys(record.state).map((name) => [name, read(own(wrapper, kernel, name)!)])),
    count: 1,
  }
  return record.forward(w, params, { axis, ...(state ? { state, training: step !== null } : {}) })
}

describe.each(ofWeights.map((record) => [record.name, record] as const))('%s', (_, record) => {
  test.each(kinds)('around $name: output and gradients are those of the transformed kernel', (kind) => {
    const wrapper = makeWrapper(record, { layer: kind.make(), ...isSeeded(record) })
    wrapper.build(kind.shape)
    const bare = kind.make()
    bare.build(kind.shape)
    const [x, dy] = [random(kind.shape, 1), random(wrapper.computeOutputShape(kind.shape) as number[], 2)]
    for (const step of [null, 0] as const) {
      const entries = Object.entries(kind.kernels)
      const results = entries.map(([name, axis], i) => expected(record, wrapper, name, axis, i, step))
      const got = pull(wrapper as never, x, dy, { training: step !== null })
      // The bare layer with the transformed kernels as its own.
      for (const target of bare.weights) {
        const name = weightName(target.originalName)
        const at = entries.findIndex(([kernel]) => kernel === name)
        const source = wrapper.layer.weights.find((other) => weightName(other.originalName) === name)!
        target.write(at < 0 ? source.read() : toTf(results[at].y))
      }
      const want = pull(bare as never, x, dy, { training: step !== null })
      const asTensor = (t: tf.Tensor): Tensor => ({ data: Float64Array.from(t.dataSync()), shape: t.shape })
      expect(errorOf(got.y, asTensor(want.y)), 'y').toBeLessThanOrEqual(TOLERANCE)
      expect(errorOf(got.dx, asTensor(want.dx)), 'dx').toBeLessThanOrEqual(TOLERANCE)
      entries.forEach(([name], i) => {
        const back = (record as AnyNorm).backward(asTensor(want.byName[name]), results[i].saved as never)
        expect(errorOf(got.byName[name], back.dx), `d${name}`).toBeLessThanOrEqual(5 * TOLERANCE)
      })
    }
  })

  test('trains, and what is saved and loaded goes on where it stood', async () => {
    const make = () => {
      const model = sequential({
        layers: [
          makeWrapper(record, {
            layer: stock.dense({ units: 6, activation: 'tanh', inputShape: [4], ...init }),
            inputShape: [4],
            name: 'wrapped',
            ...isSeeded(record),
            ...(record.kind === 'noise' ? { rate: 0.2 } : {}),
          }),
          stock.dense({ units: 1, kernelInitializer: seeded, name: 'last' }),
        ],
      })
      model.compile({ loss: 'meanSquaredError', optimizer: tf.train.adam(0.02) })
      return model
    }
    const x = toTf({ data: normals(256, 1), shape: [64, 4] })
    const y = tf.sin(tf.sum(x, 1, true))
    const model = make()
    const { history } = await model.fit(x, y, { epochs: 15, batchSize: 16, verbose: 0, shuffle: false })
    const losses = history.loss as number[]
    expect(losses.at(-1)!).toBeLessThan(losses[0] * 0.8)
    const loaded = await roundTrip(model)
    expect(loaded.layers[0]).toBeInstanceOf(WeightLayer)
    expect(loaded.layers[0].getConfig()).toEqual(model.layers[0].getConfig())
    const answers = (one: LayersModel, training: boolean) =>
      Array.from((one.apply(x, { training }) as tf.Tensor).dataSync())
    expect(answers(loaded, false)).toEqual(answers(model, false))
    expect(answers(loaded, true)).toEqual(answers(model, true))
  })

  test('leaves no tensor behind', async () => {
    const wrapper = makeWrapper(record, { layer: stock.dense({ units: 3, ...init }), inputShape: [4] })
    const model = sequential({ layers: [wrapper] })
    model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' })
    const [x, y] = [tf.ones([5, 4]), tf.ones([5, 3])]
    const step = async () => {
      await model.trainOnBatch(x, y)
      tf.dispose(wrapper.apply(x, { training: true }) as tf.Tensor)
    }
    await step()
    const before = tf.memory().numTensors
    for (let i = 0; i < 20; i++) await step()
    expect(tf.memory().numTensors).toBe(before)
  })

  test('trainable: false trains nothing, draws nothing and keeps its state', () => {
    const wrapper = makeWrapper(record, { layer: stock.dense({ units: 3, ...init }) })
    wrapper.build([2, 4])
    wrapper.trainable = false
    const x = tf.ones([2, 4])
    const before = wrapper.getWeights().map((w) => Array.from(w.dataSync()))
    const [a, b] = [true, false].map((training) => (wrapper.apply(x, { training }) as tf.Tensor).dataSync())
    expect(a).toEqual(b)
    expect(wrapper.trainableWeights).toEqual([])
    expect(wrapper.getWeights().map((w) => Array.from(w.dataSync()))).toEqual(before)
  })
})

async function roundTrip(model: LayersModel): Promise<LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined
  await model.save(
    tf.io.withSaveHandler(async (given) => {
      artifacts = given
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
  )
  const modelTopology = JSON.parse(JSON.stringify(artifacts!.modelTopology))
  return loadLayersModel(tf.io.fromMemory({ ...artifacts!, modelTopology }))
}

test('weight normalization leaves the wrapped layer as it was: its lengths are the kernel’s own', () => {
  const dense = () => stock.dense({ units: 3, ...init })
  const x = toTf(random([4, 5], 1))
  for (const name of ['weightNormalization'] as const) {
    const [a, b] = [layers[name]({ layer: dense() }), dense()].map((layer) => layer.apply(x) as tf.Tensor)
    expect(errorOf(a, { data: Float64Array.from(b.dataSync()), shape: b.shape })).toBeLessThanOrEqual(
      TOLERANCE,
    )
  }
})

test('spectral normalization is near the true value from the start, and exact after some steps', () => {
  const wrapper = layers.spectralNormalization({
    layer: stock.dense({ units: 3, useBias: false, kernelInitializer: seeded }),
  })
  wrapper.build([null, 4])
  const eye = tf.eye(4)
  const largest = () => {
    const w = wrapper.apply(eye) as tf.Tensor2D
    let v = tf.ones([3, 1]) as tf.Tensor2D
    for (let i = 0; i < 100; i++) {
      v = tf.matMul(w, tf.matMul(w, v), true)
      v = tf.div(v, tf.norm(v))
    }
    return tf.norm(tf.matMul(w, v)).dataSync()[0]
  }
  expect(Math.abs(largest() - 1)).toBeLessThan(0.05)
  for (let i = 0; i < 50; i++) wrapper.apply(eye, { training: true })
  expect(Math.abs(largest() - 1)).toBeLessThan(1e-5)
})

test('DropConnect draws anew each step, and the same again from its seed', () => {
  const make = () =>
    layers.dropConnect({ layer: stock.dense({ units: 30, kernelInitializer: 'ones' }), seed: 2 })
  const steps = () => {
    const wrapper = make()
    return [0, 1].map(() =>
      Array.from((wrapper.apply(tf.ones([1, 20]), { training: true }) as tf.Tensor).dataSync()),
    )
  }
  const [a, b] = steps()
  expect(a).not.toEqual(b)
  expect(steps()).toEqual([a, b])
})

test('a record of one’s own wraps too', () => {
  const Halved = defineLayer(
    norm({
      name: 'Halved',
      stats: 'o i -> o',
      center: false,
      scale: 'none',
      params: {},
      apply: (t, x) => ({ y: t.mul(x, t.constant(0.5)) }),
    }) as unknown as AnyNorm,
  )
  const Flipped = defineLayer(
    noise({ name: 'Flipped', mask: 'o i -> o', distribution: 'bernoulli', options: { rate: 0.5 } }),
  )
  const x = tf.ones([2, 3])
  const dense = () => stock.dense({ units: 2, kernelInitializer: 'ones' })
  expect(Array.from((new Halved({ layer: dense() }).apply(x) as tf.Tensor).dataSync())).toEqual([
    1.5, 1.5, 1.5, 1.5,
  ])
  const dropped = new Flipped({ layer: dense(), seed: 1 }).apply(x, { training: true }) as tf.Tensor
  expect(Array.from(dropped.dataSync()).every((value) => value === 0 || value === 6)).toBe(true)
})

test.each([
  ['no layer', {}, 'layer'],
  ['a layer without kernel', { layer: stock.flatten() }, 'layer'],
  [
    'a kernel that is not there',
    { layer: stock.dense({ units: 2 }), kernels: ['recurrent_kernel'] },
    'kernels',
  ],
  ['no list of kernels', { layer: stock.dense({ units: 2 }), kernels: 'kernel' }, 'kernels'],
  ['an unknown argument', { layer: stock.dense({ units: 2 }), rate: 1 }, 'rate'],
  ['an epsilon below 0', { layer: stock.dense({ units: 2 }), epsilon: -1 }, 'epsilon'],
])('refuses %s', (_, config, argument) => {
  let error: unknown
  try {
    layers.weightNormalization(config as never).build([2, 3, 3])
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(NormlabError)
  expect((error as NormlabError).argument).toBe(argument)
})
