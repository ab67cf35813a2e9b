/**
 * What tfjs expects of its own normalization and dropout layers, asked of the drop-in: numbers of tensorflow/tfjs's tests
 * where a checkout has them beside it (../shared), and stock itself wherever it is right.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { layers, models, sequential, type LayersModel, type Sequential } from '@tensorflow/tfjs-layers'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { install, restore } from '../src/dropIn.ts'
import { NoiseLayer, NormLayer } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { errorOf, pull, random, toTf, TOLERANCE } from './fixtures.ts'

await useCpu()
beforeEach(restore)
afterAll(restore)

type Layer = layers.Layer
interface Operand {
  name: string
  shape: number[]
  data: number[]
}
interface LiteralCase {
  name: string
  op: string
  attrs: { axis?: number; axes?: number[]; eps?: number; stats_broadcast?: string }
  inputs: Operand[]
  outputs: Operand[]
  tol?: number
  dy?: Operand
  grads?: Operand[]
  source: { path: string }
}
const path = join(import.meta.dirname, '../../../../shared/conformance/literal.json')
const there = existsSync(path)
if (!there)
  console.warn('\nNO ../shared/conformance/literal.json: its cases of tfjs are not asked of the drop-in.\n')
const all = there ? (JSON.parse(readFileSync(path, 'utf8')) as { cases: LiteralCase[] }).cases : []
const tensor = ({ data, shape }: Operand) => tf.tensor(data, shape)
const perChannel = ({ op, attrs, inputs }: LiteralCase) =>
  ['batch_norm_train', 'batch_norm_inference', 'layer_norm'].includes(op) &&
  (!attrs.stats_broadcast || inputs.slice(1).every(({ shape }) => shape.length === 1))
const literal = all.filter(
  (one) => /tfjs.*(normalization|batchnorm)_test/.test(one.source.path) && perChannel(one),
)

describe.skipIf(!there)('numbers of tfjs', () => {
  test('there are some', () => expect(literal.length).toBeGreaterThan(4))
  test.each(literal)('$name', ({ op, attrs, inputs, outputs, dy, grads, tol = 1e-4 }) => {
    install()
    const given = Object.fromEntries(inputs.map((one) => [one.name, one]))
    const { x, gamma, beta } = given
    const mean = given.mean ?? given.running_mean
    const variance = given.variance ?? given.running_var
    const config = { epsilon: attrs.eps, scale: Boolean(gamma), center: Boolean(beta) }
    const layer: Layer =
      op === 'layer_norm'
        ? layers.layerNormalization({ ...config, axis: attrs.axes })
        : layers.batchNormalization({ ...config, axis: attrs.axis })
    layer.build(x.shape)
    const moving =
      op === 'layer_norm' ? [] : [mean, variance].map((one, i) => one ?? { ...layerState(layer)[i] })
    layer.setWeights([gamma, beta, ...moving].filter(Boolean).map((one) => tensor(one as Operand)))
    const training = { training: op === 'batch_norm_train' }
    const near = (got: tf.Tensor, want: Operand) => {
      expect(got.size).toBe(want.data.length)
      got.dataSync().forEach((value, i) => expect(Math.abs(value - want.data[i])).toBeLessThanOrEqual(tol))
    }
    if (outputs.length) near(layer.apply(tensor(x), training) as tf.Tensor, outputs[0])
    const asTensor = ({ data, shape }: Operand) => ({ data: Float64Array.from(data), shape })
    if (!grads || !dy) return
    const got = pull(layer as never, asTensor(x), asTensor(dy), training)
    for (const one of grads) {
      const name = one.name.replace(/^d_?/, '')
      if (name === 'x' || name in got.byName) near(name === 'x' ? got.dx : got.byName[name], one)
    }
  })
})
const layerState = (layer: Layer) =>
  layer
    .getWeights()
    .slice(-2)
    .map((w) => ({ name: '', shape: w.shape, data: Array.from(w.dataSync()) }))

const seeded = (seed: number) => ({ className: 'GlorotUniform', config: { seed } }) as never
const dense = (units: number, seed: number) => layers.dense({ units, kernelInitializer: seeded(seed) })
const initial = (mean: number, seed: number) =>
  ({ className: 'RandomNormal', config: { mean, stddev: 0.2, seed } }) as never

/** Models that stock can train. */
const networks: Record<string, { shape: number[]; make: () => Layer[] }> = {
  'batch normalization alone, 2D': {
    shape: [4],
    make: () => [layers.batchNormalization({ inputShape: [4] })],
  },
  'batch normalization alone, 3D': {
    shape: [3, 4],
    make: () => [layers.batchNormalization({ inputShape: [3, 4] })],
  },
  'batch normalization alone, 4D': {
    shape: [3, 2, 4],
    make: () => [layers.batchNormalization({ inputShape: [3, 2, 4] })],
  },
  'batch normalization, its arguments': {
    shape: [5],
    make: () => [
      layers.batchNormalization({
        inputShape: [5],
        momentum: 0.7,
        epsilon: 0.02,
        gammaInitializer: initial(1, 1),
        betaInitializer: initial(0, 2),
        movingMeanInitializer: initial(0, 3),
        movingVarianceInitializer: initial(2, 4),
        gammaRegularizer: 'l1l2',
        betaRegularizer: 'l1l2',
        gammaConstraint: 'nonNeg',
        betaConstraint: 'maxNorm',
      }),
    ],
  },
  'batch normalization between dense layers': {
    shape: [3],
    make: () => [
      layers.inputLayer({ inputShape: [3] }),
      dense(6, 1),
      layers.batchNormalization(),
      dense(2, 2),
    ],
  },
  'batch normalization behind a convolution': {
    shape: [5, 5, 2],
    make: () => [
      layers.conv2d({ filters: 3, kernelSize: 2, kernelInitializer: seeded(3), inputShape: [5, 5, 2] }),
      layers.batchNormalization(),
      layers.activation({ activation: 'relu' }),
      layers.flatten(),
      dense(1, 4),
    ],
  },
  'layer normalization, 2D': {
    shape: [6],
    make: () => [layers.layerNormalization({ inputShape: [6] }), dense(2, 1)],
  },
  'layer normalization, 3D': {
    shape: [3, 4],
    make: () => [
      layers.layerNormalization({ inputShape: [3, 4], epsilon: 0.01 }),
      layers.flatten(),
      dense(2, 1),
    ],
  },
  'layer normalization over two axes, its arguments': {
    shape: [3, 4],
    make: () => [
      layers.layerNormalization({
        inputShape: [3, 4],
        axis: [1, 2],
        gammaInitializer: initial(1, 1),
        betaInitializer: initial(0, 2),
        gammaRegularizer: 'l1l2',
      }),
      layers.flatten(),
      dense(1, 1),
    ],
  },
  'layer normalization over axis 1': {
    shape: [3, 4],
    make: () => [layers.layerNormalization({ inputShape: [3, 4], axis: 1 }), layers.flatten(), dense(1, 1)],
  },
  'in a time-distributed layer': {
    shape: [3, 4],
    make: () => [
      layers.timeDistributed({ layer: layers.layerNormalization(), inputShape: [3, 4] }),
      layers.timeDistributed({ layer: dense(2, 5) }),
    ],
  },
}

const built = (make: () => Layer[]): Sequential => {
  const model = sequential({ layers: make() })
  model.compile({ loss: 'meanSquaredError', optimizer: tf.train.sgd(0.05), metrics: ['mse'] })
  return model
}
const weightsOf = (model: LayersModel) => model.getWeights().map((w) => Array.from(w.dataSync()))
const isOurs = (layer: Layer) => layer instanceof NormLayer || layer instanceof NoiseLayer
const inner = (layer: Layer): Layer => (layer as unknown as { layer?: Layer }).layer ?? layer

describe.each(Object.entries(networks))('%s', (_, { shape, make }) => {
  test('losses, weights and predictions are those of stock', async () => {
    const x = toTf(random([12, ...shape], 1, 2, 1))
    const run = async () => {
      const model = built(make)
      const out = (model.predict(x) as tf.Tensor).shape
      const y = toTf(random(out, 2))
      const { history } = await model.fit(x, y, { epochs: 3, batchSize: 4, shuffle: false, verbose: 0 })
      const loss = model.evaluate(x, y) as tf.Scalar[]
      return {
        model,
        loss: [...(history.loss as number[]), loss[0].dataSync()[0]],
        y: model.predict(x) as tf.Tensor,
      }
    }
    const stock = await run()
    install()
    const ours = await run()
    expect(ours.model.layers.map(inner).some(isOurs)).toBe(true)
    expect(stock.model.layers.map(inner).some(isOurs)).toBe(false)
    const list = (data: number[]) => ({ data: Float64Array.from(data), shape: [data.length] })
    expect(errorOf(tf.tensor(ours.loss), list(stock.loss))).toBeLessThanOrEqual(TOLERANCE)
    const y = { data: Float64Array.from(stock.y.dataSync()), shape: stock.y.shape }
    expect(errorOf(ours.y, y)).toBeLessThanOrEqual(5 * TOLERANCE)
    expect(weightsOf(ours.model).flat().length).toBe(weightsOf(stock.model).flat().length)
    weightsOf(ours.model).forEach((w, i) => {
      const want = weightsOf(stock.model)[i]
      w.forEach((value, j) => expect(Math.abs(value - want[j])).toBeLessThanOrEqual(1e-4))
    })
    expect(ours.model.countParams()).toBe(stock.model.countParams())
  })

  // Stock counts the axes of LayerNormalization from the front once it is built.
  const counted = (axis: unknown) =>
    [axis as number | number[]].flat().map((one) => (one < 0 ? one + shape.length + 1 : one))

  test('configs say what those of stock say, and load in either', async () => {
    const stock = built(make)
    const config = stock.layers.map((layer) => layer.getConfig())
    install()
    const ours = built(make)
    ours.layers.forEach((layer, i) => {
      const got = layer.getConfig() as Record<string, unknown>
      for (const [key, value] of Object.entries(config[i]))
        if (key === 'axis') expect(counted(got.axis), key).toEqual(counted(value))
        else if (!['name', 'layer'].includes(key)) expect(got[key] ?? null, key).toEqual(value ?? null)
    })
    const json = JSON.parse(ours.toJSON() as unknown as string) as object
    restore()
    const loaded = await models.modelFromJSON(structuredClone(json) as never)
    expect(loaded.layers.map(inner).some(isOurs)).toBe(false)
    loaded.setWeights(ours.getWeights())
    const x = toTf(random([4, ...shape], 3))
    const [a, b] = [loaded, ours].map((model) => model.predict(x) as tf.Tensor)
    expect(errorOf(b, { data: Float64Array.from(a.dataSync()), shape: a.shape })).toBeLessThanOrEqual(
      TOLERANCE,
    )
  })
})

describe('noise', () => {
  const kinds = {
    dropout: () => layers.dropout({ rate: 0.25 }),
    'dropout with a noise shape': () => layers.dropout({ rate: 0.25, noiseShape: [null as never, 1, 4] }),
    spatialDropout1d: () => layers.spatialDropout1d({ rate: 0.25 }),
    gaussianDropout: () => layers.gaussianDropout({ rate: 0.25 }),
    gaussianNoise: () => layers.gaussianNoise({ stddev: 0.3 }),
    alphaDropout: () => layers.alphaDropout({ rate: 0.25 }),
  }
  const x = toTf(random([2, 3, 4], 1))
  test.each(Object.entries(kinds))('%s: shapes, inference, config and wrappers', async (_, make) => {
    const config = Object.keys(make().getConfig())
    install()
    const layer = make()
    expect(layer).toBeInstanceOf(NoiseLayer)
    expect(layer.computeOutputShape([null, 3, 4])).toEqual([null, 3, 4])
    expect(Array.from((layer.apply(x) as tf.Tensor).dataSync())).toEqual(Array.from(x.dataSync()))
    const y = layer.apply(x, { training: true }) as tf.Tensor
    expect(y.shape).toEqual([2, 3, 4])
    expect(Array.from(y.dataSync())).not.toEqual(Array.from(x.dataSync()))
    expect(layer.supportsMasking).toBe(true)
    expect(layer.getWeights()).toEqual([])
    const got = layer.getConfig() as Record<string, unknown>
    expect(Object.keys(got)).toEqual(
      expect.arrayContaining(config.filter((key) => key !== 'name' && key !== 'noiseShape')),
    )
    const again = await models.modelFromJSON(
      JSON.parse(
        sequential({ layers: [layers.inputLayer({ inputShape: [3, 4] }), make()] }).toJSON() as never,
      ),
    )
    expect(again.layers[1]).toBeInstanceOf(NoiseLayer)
  })

  test('values kept are divided by what is kept, and channels go whole', () => {
    install()
    const drop = layers
      .dropout({ rate: 0.25, seed: 1 })
      .apply(tf.ones([40, 10]), { training: true }) as tf.Tensor
    const found = new Set(Array.from(drop.dataSync(), (value) => Math.round(value * 1e6) / 1e6))
    expect(found).toEqual(new Set([0, 1.333333]))
    const spatial = layers
      .spatialDropout1d({ rate: 0.5 })
      .apply(tf.ones([4, 6, 8]), { training: true }) as tf.Tensor
    expect(new Set(tf.sum(spatial, 1).dataSync())).toEqual(new Set([0, 12]))
  })

  test.each([
    ['a rate above 1 drops all', 1.5, [0, 0, 0]],
    ['a rate below 0 drops nothing', -1, [1, 1, 1]],
  ])('%s', (_, rate, want) => {
    install()
    expect(
      Array.from((layers.dropout({ rate }).apply(tf.ones([3]), { training: true }) as tf.Tensor).dataSync()),
    ).toEqual(want)
  })

  test('any number may be a seed', () => {
    install()
    const masks = [0.5, -3, 7].map((seed) => {
      const y = layers.dropout({ rate: 0.5, seed }).apply(tf.ones([64]), { training: true }) as tf.Tensor
      return String(Array.from(y.dataSync()))
    })
    expect(new Set(masks).size).toBe(3)
  })
})

test.each([
  ['an axis without size', () => layers.batchNormalization({ axis: 1 }).build([null, null, 3]), /axis 1/i],
  ['an axis beyond the rank', () => layers.layerNormalization({ axis: 3 }).build([null, 2, 3]), /axis.*3/i],
  ['an axis twice', () => layers.layerNormalization({ axis: [1, -2] }).build([null, 2, 3]), /axis/],
  ['a fraction as axis', () => layers.layerNormalization({ axis: 0.5 }), /axis/],
  ['a word as axis', () => layers.layerNormalization({ axis: 'last' as never }), /axis/],
  [
    'another rank than the one it was built for',
    () => {
      const layer = layers.batchNormalization()
      layer.build([null, 3])
      layer.apply(tf.ones([2, 2, 3]))
    },
    /ndim=2, found ndim=3/,
  ],
  [
    'SpatialDropout1D of an image',
    () => layers.spatialDropout1d({ rate: 0.1 }).apply(tf.ones([1, 2, 2, 1])),
    /ndim=3, found ndim=4/,
  ],
])('%s is refused as by stock', (_, task, message) => {
  expect(task).toThrow(/axis|axes|ndim/i)
  install()
  expect(task).toThrow(message)
})
