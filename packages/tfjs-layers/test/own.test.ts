/** Layers of records that core does not ship: every field of a record, and every operation. */
import { affine, layerNorm, batchNorm, groupNorm, norm, type AnyNorm, type Ops } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { input, model as makeModel } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { defineLayer } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { errorOf, pull, random, toTf, TOLERANCE } from './fixtures.ts'
import { configToCore, randomWeights } from './making.ts'

await useCpu()

const base = { ...layerNorm, cases: [{}] }
type Apply = NonNullable<AnyNorm['apply']>
const own = (name: string, apply: Apply, names: ('gamma' | 'beta')[] = ['gamma', 'beta']): AnyNorm =>
  norm({
    ...base,
    name,
    params: Object.fromEntries(names.map((key) => [key, affine('c')[key]])),
    apply,
  } as never) as unknown as AnyNorm

const half = <T>(t: Ops<T>) => t.constant(0.5)
const records = [
  norm({ ...base, name: 'No centring', center: false }),
  norm({ ...base, name: 'Centring alone', scale: 'none' }),
  norm({ ...base, name: 'Length', center: false, scale: 'l2', options: { epsilon: 1e-12 } }),
  norm({ ...base, name: 'One plus gamma', params: { gamma: { along: 'c', init: 0, plusOne: true } } }),
  norm({ ...groupNorm, name: 'Gamma a group', params: affine('g'), options: { ...groupNorm.options, g: 3 } }),
  norm({
    ...groupNorm,
    name: 'Interleaved',
    stats: 'n s (k g) -> n g',
    options: { ...groupNorm.options, g: 3 },
  }),
  norm({ ...base, name: 'Scalar gamma', params: affine('') }),
  norm({ ...base, name: 'One statistic', stats: 'n s c ->' }),
  norm({
    ...batchNorm,
    name: 'Running groups',
    stats: 'n s (g k) -> g',
    running: 'g',
    options: { ...batchNorm.options, g: 3 },
  }),
  norm({ ...batchNorm, name: 'Running centring', scale: 'none' }),
  norm({
    ...layerNorm,
    name: 'Running of examples',
    stats: 'n s c -> n c',
    running: 'c',
    options: batchNorm.options,
  }),
  own('Arithmetic', (t, x, { gamma, beta }) => ({
    y: t.div(t.sub(t.mul(x, gamma), beta), t.add(t.abs(x), t.constant(1))),
  })),
  own(
    'Curves',
    (t, x, { gamma }) => {
      const positive = t.add(t.mul(x, x), half(t))
      const roots = t.add(t.sqrt(positive), t.mul(t.log(positive), t.pow(positive, 0.3)))
      return { y: t.mul(gamma, t.add(roots, t.add(t.tanh(x), t.mul(t.erf(x), t.exp(t.mul(x, half(t))))))) }
    },
    ['gamma'],
  ),
  own(
    'Choices',
    (t, x, { gamma }) => {
      const bad = t.sqrt(x) // NaN below 0, and never chosen there
      const chosen = t.where(t.greater(x, t.constant(0)), bad, t.mul(x, half(t)))
      return { y: t.add(t.max(chosen, gamma), t.max(t.constant(-0.2), x)) }
    },
    ['gamma'],
  ),
  own(
    'Masks',
    (t, x, { gamma }) => ({
      y: t.mul(t.mul(x, t.greater(x, half(t))), t.add(gamma, t.windowMax(x, 's', 1, 0))),
    }),
    ['gamma'],
  ),
  own(
    'Statistics',
    (t, x, { gamma }) => {
      const centred = t.sub(x, t.mean(x, 'n s'))
      const power = t.div(t.sum(t.mul(x, x), 'c'), t.constant(t.count(x, 'c')))
      return { y: t.mul(t.mul(centred, gamma), t.add(power, t.stopGradient(t.mean(x, '')))) }
    },
    ['gamma'],
  ),
  own(
    'Windows',
    (t, x, { beta }) => {
      const sums = t.windowSum(t.mul(x, x), 'c', 2, 1)
      return { y: t.add(t.div(x, t.add(sums, half(t))), t.mul(beta, t.windowMax(x, 'c', 1, 1))) }
    },
    ['beta'],
  ),
] as unknown as AnyNorm[]

const shapes = [{ shape: [5, 12] }, { shape: [3, 4, 12] }, { shape: [2, 2, 3, 12] }]

describe.each(records.map((record) => [record.name, record] as const))('%s', (_, record) => {
  const Layer = defineLayer(record)
  test.each(shapes)('forward and gradients equal the reference: $shape', ({ shape }) => {
    const x = random(shape, 1, 1, 0.2)
    const dy = random(shape, 2)
    const layer = new Layer()
    layer.build([...shape])
    const params = randomWeights(layer, 10)
    const given = Object.fromEntries(Object.keys(record.params).map((name) => [name, params[name]]))
    const options = { ...configToCore(layer), axis: -1 }
    const { y, saved } = record.forward(x, given, options)
    const want = record.backward(dy, saved)
    const got = pull(layer, x, dy)
    expect(errorOf(got.y, y), 'y').toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(got.dx, want.dx), 'dx').toBeLessThanOrEqual(TOLERANCE)
    for (const name of Object.keys(got.byName))
      expect(errorOf(got.byName[name], want[`d${name}`]), name).toBeLessThanOrEqual(TOLERANCE)
  })
})

test.each(records.filter(({ running }) => running).map((record) => [record.name, record] as const))(
  '%s: moving statistics and inference',
  (_, record) => {
    const shape = [4, 3, 12]
    const layer = new (defineLayer(record))({ trackRunningStats: true })
    layer.build(shape)
    const options = { ...configToCore(layer), axis: -1 }
    const x = random(shape, 1, 2, 1)
    const { state } = record.forward(x, {}, options)
    tf.dispose(layer.call(toTf(x), { training: true }))
    const [mean, variance] = layer.getWeights().slice(-2)
    expect(errorOf(mean, state!.mean)).toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(variance, state!.variance)).toBeLessThanOrEqual(TOLERANCE)
    const { y } = record.forward(x, {}, { ...options, state, training: false })
    expect(errorOf(layer.call(toTf(x)), y)).toBeLessThanOrEqual(TOLERANCE)
  },
)

test('a forward of its own is told the number of groups that groups: -1 stands for', () => {
  const record = norm({
    name: 'Groups',
    stats: 'n s (g k) -> n g',
    options: { g: 2 },
    apply: (t, x, _params, _state, { g }) => ({ y: t.mul(x, t.constant(g as number)) }),
  }) as unknown as AnyNorm
  const y = new (defineLayer(record))({ groups: -1, axis: 1 }).apply(tf.ones([2, 6, 1, 4])) as tf.Tensor
  expect(y.dataSync()[0]).toBe(6)
})

test('trackRunningStats: by default where a cell spans the batch, and as one says', () => {
  const examples = defineLayer(records.find(({ name }) => name === 'Running of examples')!)
  const batch = defineLayer(batchNorm as unknown as AnyNorm)
  expect(new examples().tracks).toBe(false)
  expect(new examples({ trackRunningStats: true }).tracks).toBe(true)
  const untracked = new batch({ trackRunningStats: false })
  const x = toTf(random([5, 3], 1, 2, 4))
  expect(Array.from((untracked.apply(x) as tf.Tensor).dataSync())).toEqual(
    Array.from((untracked.apply(x, { training: true }) as tf.Tensor).dataSync()),
  )
  expect(untracked.weights.length).toBe(2)
})

test('parameters from inputs: conditional normalization in a model', () => {
  const record = norm({
    ...base,
    name: 'ConditionalNorm',
    params: {
      gamma: { along: 'n c', init: 1, from: 'input' },
      beta: { along: 'n c', init: 0, from: 'input' },
    },
  }) as unknown as AnyNorm
  const Layer = defineLayer(record)
  const [x, gamma, beta] = [random([2, 5, 4], 1), random([2, 4], 2), random([2, 4], 3)]
  const inputs = [[5, 4], [4], [4]].map((shape) => input({ shape }))
  const layer = new Layer({ epsilon: 1e-3 })
  const model = makeModel({ inputs, outputs: layer.apply(inputs) as (typeof inputs)[0] })
  expect(model.outputShape).toEqual([null, 5, 4])
  const y = model.predict([x, gamma, beta].map(toTf)) as tf.Tensor
  const want = record.forward(x, { gamma, beta }, { epsilon: 1e-3 })
  expect(errorOf(y, want.y)).toBeLessThanOrEqual(TOLERANCE)
  expect(layer.weights.length).toBe(0)
})
