/** Noise of records that core does not ship, and state of a forward's own. */
import { noise, norm, type AnyNorm, type Noise, type Tensor } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { defineLayer } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { errorOf, pull, random, toTf, TOLERANCE } from './fixtures.ts'

await useCpu()

const paper = { authors: '', year: 2026, title: '', url: '' }
const records = [
  noise({ name: 'Channels', paper, mask: 'n s c -> n c', distribution: 'bernoulli', options: { rate: 0.4 } }),
  noise({
    name: 'Times noise',
    paper,
    mask: 'n s c -> n s c',
    distribution: 'normal',
    options: { stddev: 0.3 },
    params: { gamma: { along: 'c', init: 1 } },
    apply: (t, x, draw, { gamma }, options) =>
      t.mul(x, t.add(gamma, t.mul(draw, t.constant(options.stddev as number)))),
    infer: (t, x, { gamma }) => t.mul(x, gamma),
  }),
  noise({
    name: 'Shared shift',
    paper,
    mask: 'n s c -> c',
    distribution: 'uniform',
    options: {},
    apply: (t, x, draw) => t.add(x, draw),
  }),
] as unknown as Noise[]

describe.each(records.map((record) => [record.name, record] as const))('%s', (_, record) => {
  test.each([
    { shape: [4, 6], axis: -1 },
    { shape: [4, 5, 6], axis: -1 },
    { shape: [4, 6, 5, 2], axis: 1 },
  ])('two steps and inference equal core: $shape', ({ shape, axis }) => {
    const shares = record.mask !== 'n s c -> n s c'
    const layer = new (defineLayer(record))({ seed: 5, ...(shares ? { axis } : {}) })
    layer.build(shape)
    const names = Object.keys(record.params)
    const values = names.map((name, i) => random(layer.weights[i].shape as number[], 3, 1, i || name.length))
    layer.setWeights(values.map(toTf))
    const params = Object.fromEntries(names.map((name, i) => [name, values[i]])) as Record<string, Tensor>
    const [x, dy] = [random(shape, 1), random(shape, 2)]
    const check = (options: object, training: boolean) => {
      const { y, saved } = record.forward(x, params, { seed: 5, ...(shares ? { axis } : {}), ...options })
      const want = record.backward(dy, saved)
      const got = pull(layer, x, dy, { training })
      expect(errorOf(got.y, y)).toBeLessThanOrEqual(TOLERANCE)
      expect(errorOf(got.dx, want.dx)).toBeLessThanOrEqual(TOLERANCE)
      for (const name of names)
        expect(errorOf(got.byName[name], want[`d${name}`])).toBeLessThanOrEqual(TOLERANCE)
    }
    check({ step: 0 }, true)
    check({ step: 1 }, true)
    check({ training: false }, false)
    expect(layer.getConfig()).toMatchObject({ seed: 5, step: 2 })
  })
})

describe("state of a forward's own", () => {
  const record = norm({
    name: 'Power',
    paper,
    stats: 'n s c -> c',
    state: { power: { along: 'c', init: 2 }, direction: { along: 'c', init: 'normal' } },
    options: { decay: 0.75 },
    apply: (t, x, _params, { power, direction }, { training, decay }) => {
      const own = t.mean(t.mul(x, x), 'c')
      const kept = t.constant(decay as number)
      const next = t.add(t.mul(power, kept), t.mul(own, t.sub(t.constant(1), kept)))
      return {
        y: t.mul(t.div(x, t.sqrt(training ? t.stopGradient(next) : power)), direction),
        state: { power: next, direction },
      }
    },
  }) as unknown as AnyNorm
  const shape = [6, 2, 4]
  const Layer = defineLayer(record)

  test('is a weight that training writes, inference uses and trainable: false keeps', () => {
    const layer = new Layer({ momentum: 0.75 })
    layer.build(shape)
    expect(layer.trainableWeights).toEqual([])
    expect(layer.weights.map(({ originalName }) => originalName.replace(/.*\//, ''))).toEqual([
      'power',
      'direction',
    ])
    const direction = layer.getWeights()[1]
    expect(new Set(direction.dataSync()).size).toBe(4)
    const asTensor = { data: Float64Array.from(direction.dataSync()), shape: [4] }
    let state: object = {
      power: { data: new Float64Array(4).fill(2), shape: [4] },
      direction: asTensor,
      count: 0,
    }
    for (const seed of [1, 2]) {
      const x = random(shape, seed)
      const want = record.forward(x, {}, { state })
      expect(errorOf(layer.call(toTf(x), { training: true }), want.y)).toBeLessThanOrEqual(TOLERANCE)
      state = want.state as object
    }
    const x = random(shape, 3)
    const want = record.forward(x, {}, { state, training: false })
    expect(errorOf(layer.call(toTf(x)), want.y)).toBeLessThanOrEqual(TOLERANCE)
    const before = Array.from(layer.getWeights()[0].dataSync())
    layer.trainable = false
    tf.dispose(layer.call(toTf(x), { training: true }))
    expect(Array.from(layer.getWeights()[0].dataSync())).toEqual(before)
  })

  test('is among the weights of a model', () => {
    const model = sequential({ layers: [new Layer({ inputShape: [2, 4], powerInitializer: 'ones' })] })
    expect(model.getWeights().map((weight) => weight.shape)).toEqual([[4], [4]])
    expect(Array.from(model.getWeights()[0].dataSync())).toEqual([1, 1, 1, 1])
  })
})
