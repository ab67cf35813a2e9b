import * as tf from '@tensorflow/tfjs-core'
import {
  initializers,
  input,
  layers as stock,
  loadLayersModel,
  model as makeModel,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { blocks, layers, NormlabError, type Block } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { errorOf, random, toTf } from './fixtures.ts'

await useCpu()

const SHAPE = [4, 3, 6]
const x = toTf(random(SHAPE, 1, 2, 1))
const kernel = initializers.glorotNormal({ seed: 2 })
const dense = () =>
  stock.dense({ units: 6, activation: 'tanh', kernelInitializer: initializers.glorotNormal({ seed: 2 }) })
/** f and norm by hand. */
const f = (t: tf.Tensor) =>
  tf.tidy(() =>
    tf.tanh(tf.reshape(tf.matMul(tf.reshape(t, [12, 6]), kernel.apply([6, 6]) as tf.Tensor2D), SHAPE)),
  )
const norm = (t: tf.Tensor) => {
  const { mean, variance } = tf.moments(t, -1, true)
  return tf.div(tf.sub(t, mean), tf.sqrt(tf.add(variance, 1e-3)))
}
const modelOf = (block: Block, shape = SHAPE.slice(1)): LayersModel => {
  const start = input({ shape })
  return makeModel({ inputs: start, outputs: block(start) })
}
const plain = (t: tf.Tensor) => ({ data: Float64Array.from(t.dataSync()), shape: t.shape })
const expectEqual = (got: unknown, want: tf.Tensor) =>
  expect(errorOf(got as tf.Tensor, plain(want))).toBeLessThanOrEqual(1e-5)

const alpha = (n: number) => (2 * n) ** 0.25
const made: [string, () => Block, (t: tf.Tensor) => tf.Tensor][] = [
  ['preNorm', () => blocks.preNorm({ sublayer: dense() }), (t) => tf.add(t, f(norm(t)))],
  ['postNorm', () => blocks.postNorm({ sublayer: dense() }), (t) => norm(tf.add(t, f(t)))],
  ['sandwichNorm', () => blocks.sandwichNorm({ sublayer: dense() }), (t) => tf.add(t, norm(f(norm(t))))],
  ['periNorm', () => blocks.periNorm({ sublayer: dense() }), (t) => tf.add(t, norm(f(norm(t))))],
  [
    'deepNorm',
    () => blocks.deepNorm({ sublayer: dense(), layers: 8 }),
    (t) => norm(tf.add(tf.mul(t, 2), f(t))),
  ],
  [
    'deepNorm in a decoder',
    () => blocks.deepNorm({ sublayer: dense(), encoder: 2, decoder: 27, side: 'decoder' }),
    (t) => norm(tf.add(tf.mul(t, 3), f(t))),
  ],
  [
    'preNorm of RMSNorm around a list',
    () =>
      blocks.preNorm({
        sublayer: [dense(), (y) => dense().apply(y) as SymbolicTensor],
        norm: () => layers.rmsNormalization(),
      }),
    (t) => tf.add(t, f(f(tf.div(t, tf.sqrt(tf.add(tf.mean(tf.square(t), -1, true), 1e-6)))))),
  ],
  [
    'a stack of preNorm',
    () => blocks.stack({ placement: 'preNorm', sublayers: [dense(), dense()] }),
    (t) => {
      const y = tf.add(t, f(norm(t)))
      return norm(tf.add(y, f(norm(y))))
    },
  ],
  [
    'a stack of periNorm',
    () => blocks.stack({ placement: 'periNorm', sublayers: [dense()] }),
    (t) => norm(tf.add(norm(t), norm(f(norm(norm(t)))))),
  ],
  [
    'a stack of deepNorm',
    () => blocks.stack({ placement: 'deepNorm', sublayers: [dense(), dense()] }),
    (t) => {
      const y = norm(tf.add(tf.mul(t, alpha(1)), f(t)))
      return norm(tf.add(tf.mul(y, alpha(1)), f(y)))
    },
  ],
  [
    'a stack of postNorm',
    () => blocks.stack({ placement: 'postNorm', sublayers: [dense()] }),
    (t) => norm(tf.add(t, f(t))),
  ],
]

describe.each(made)('%s', (_, block, byHand) => {
  test('is what the paper says', () => expectEqual(modelOf(block()).predict(x), byHand(x)))

  test('trains, and comes back from a file', async () => {
    const model = modelOf(block())
    model.compile({ loss: 'meanSquaredError', optimizer: tf.train.adam(0.01) })
    const target = toTf(random(SHAPE, 3, 0.1))
    const { history } = await model.fit(x, target, { epochs: 8, verbose: 0 })
    const losses = history.loss as number[]
    expect(losses.at(-1)!).toBeLessThan(losses[0])
    const topology = JSON.parse(JSON.stringify(model.toJSON(null, false))) as object
    const loaded = await loadLayersModel({ load: async () => ({ modelTopology: topology }) })
    loaded.setWeights(model.getWeights())
    expect(Array.from((loaded.predict(x) as tf.Tensor).dataSync())).toEqual(
      Array.from((model.predict(x) as tf.Tensor).dataSync()),
    )
  })
})

test('blocks nest: a transformer layer of continuous tokens', async () => {
  const gate: Block = (y) => {
    const [a, b] = [dense().apply(y), dense().apply(y)] as SymbolicTensor[]
    return stock.multiply().apply([a, b]) as SymbolicTensor
  }
  const inner = blocks.preNorm({ sublayer: gate })
  expect(modelOf(blocks.postNorm({ sublayer: inner })).outputs[0].shape).toEqual([null, 3, 6])
})

describe('deepNorm', () => {
  test.each([
    [{ layers: 100 }, 3.7606, 0.18803],
    [{ encoder: 18, decoder: 18, side: 'encoder' } as const, 1.9986, 0.35259],
    [{ encoder: 18, decoder: 18, side: 'decoder' } as const, 2.7108, 0.26084],
  ])('constants of %j', (depth, a, b) => {
    const found = blocks.deepNormConstants(depth)
    expect(found.alpha).toBeCloseTo(a, 3)
    expect(found.beta).toBeCloseTo(b, 3)
  })

  test('the initializer is Glorot’s with gain beta', () => {
    const spread = (one: { apply(shape: number[]): tf.Tensor }) =>
      Math.sqrt(tf.mean(tf.square(one.apply([200, 200]))).dataSync()[0])
    const { beta } = blocks.deepNormConstants({ layers: 12 })
    const ratio = spread(blocks.deepNormInitializer({ layers: 12 })) / spread(initializers.glorotNormal({}))
    expect(ratio / beta).toBeGreaterThan(0.97)
    expect(ratio / beta).toBeLessThan(1.03)
  })
})

describe('block', () => {
  const names = (block: Block, shape?: number[]) =>
    modelOf(block, shape)
      .layers.slice(1)
      .map((layer) => layer.getClassName().replace('normlab>', ''))
  test.each([
    ['linear norm activation dropout', ['Dense', 'BatchNormalization', 'Activation', 'Dropout']],
    ['norm activation linear', ['BatchNormalization', 'Activation', 'Dense']],
    ['linear activation norm', ['Dense', 'Activation', 'BatchNormalization']],
    ['dropout linear', ['Dropout', 'Dense']],
    ['norm linear norm', ['BatchNormalization', 'Dense', 'BatchNormalization']],
  ])('%s', (order, want) => {
    expect(names(blocks.block({ order, linear: () => stock.dense({ units: 4 }) }))).toEqual(want)
  })

  test('of a convolution, with parts of one’s own', () => {
    const block = blocks.block({
      order: 'norm activation conv dropout',
      conv: stock.conv2d({ filters: 4, kernelSize: 3 }),
      norm: () => layers.groupNormalization({ groups: 2 }),
      activation: 'swish',
      dropout: layers.spatialDropout({ rate: 0.1 }),
    })
    expect(names(block, [8, 8, 4])).toEqual(['GroupNormalization', 'Activation', 'Conv2D', 'SpatialDropout'])
  })
})

test.each([
  [
    'sublayer',
    () => modelOf(blocks.preNorm({ sublayer: stock.dense({ units: 2 }) })),
    /\[null,3,2\] of \[null,3,6\]/,
  ],
  ['sublayer', () => modelOf(blocks.preNorm({ sublayer: 3 as never })), /3/],
  [
    'norm',
    () => modelOf(blocks.preNorm({ sublayer: dense(), norm: layers.rmsNormalization() as never })),
    /function/,
  ],
  ['layers', () => modelOf(blocks.deepNorm({ sublayer: dense() })), /undefined/],
  ['side', () => blocks.deepNormConstants({ encoder: 1, decoder: 1 }), /'encoder'/],
  ['placement', () => blocks.stack({ placement: 'midNorm' as never, sublayers: [] }), /preNorm/],
  ['order', () => blocks.block({ order: '' }), /linear, conv, norm/],
  ['order', () => blocks.block({ order: 'norm sum' }), /"sum"/],
  ['linear', () => blocks.block({ order: 'linear norm' }), /undefined/],
  ['linear', () => blocks.block({ order: 'linear norm linear', linear: dense() }), /twice/],
])('refuses what is wrong with %s: %#', (argument, task, message) => {
  let error: unknown
  try {
    task()
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(NormlabError)
  expect((error as NormlabError).argument).toBe(argument)
  expect((error as NormlabError).message).toMatch(message)
})
