/** The recorder's gradients and measures, in models of every form. */
import type { LayerSeries, Measure } from '@normlab/core'
import { greatestError } from '@normlab/core/testing'
import * as tf from '@tensorflow/tfjs-core'
import {
  initializers,
  input,
  layers as stock,
  model as makeModel,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { ActivationRecorder, layers, type RecorderOptions } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { random, toTf } from './fixtures.ts'

await useCpu()

const glorot = (seed: number) => initializers.glorotUniform({ seed })
const dense = (name: string, units: number, activation: 'tanh' | 'relu' | 'linear' = 'linear', seed = 1) =>
  stock.dense({ name, units, activation, kernelInitializer: glorot(seed) })
const network = (): LayersModel => {
  const x = input({ shape: [3], name: 'x' })
  const hidden = dense('hidden', 5, 'tanh').apply(x)
  const y = dense('out', 2, 'linear', 2).apply(
    stock.reLU({ name: 'act' }).apply(layers.batchNormalization({ name: 'norm' }).apply(hidden)),
  )
  return makeModel({ inputs: x, outputs: y as SymbolicTensor })
}
const x = () => toTf(random([12, 3], 1))
const y = () => toTf(random([12, 2], 2))
const compiled = (model = network()) => {
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
  return model
}
const values = (series: readonly LayerSeries[] | undefined, layer: string, measure: Measure) =>
  series?.find((one) => one.layer === layer && one.measure === measure)?.points
const watch = (model: LayersModel, options: Partial<RecorderOptions> = {}) => {
  const recorder = new ActivationRecorder({ probe: x(), budget: Infinity, ...options })
  recorder.setModel(model)
  return recorder
}

describe('gradients', () => {
  test('of the compiled loss: at an output what the next layer hands back, of weights that of the tape', async () => {
    const model = compiled()
    const [probe, targets] = [x(), y()]
    const recorder = watch(model, { probe, targets, keepValues: true, units: [] })
    await recorder.record(0)
    const loss = () =>
      tf.tidy(() => tf.mean(tf.square(tf.sub(model.predict(probe) as tf.Tensor, targets))) as tf.Scalar)
    const kernel = model.getLayer('out').trainableWeights.map((weight) => weight.read() as tf.Variable)
    const { grads } = tf.variableGrads(loss, kernel)
    const length = Math.hypot(...Object.values(grads).flatMap((grad) => Array.from(grad.dataSync())))
    const { series, distributions } = recorder.toJSON()
    expect(values(series, 'out', 'gradientNorm')![0][1]).toBeCloseTo(length, 5)
    expect(distributions.filter(({ side }) => side === 'gradient').map(({ layer }) => layer)).toEqual([
      'hidden',
      'act',
      null,
    ])
    // The gradient at act is what the last layer hands back: 2 (y - t) W^T / n.
    const got = recorder.values('act', 'gradient', 0)!
    const residual = tf.mul(tf.sub(model.predict(probe) as tf.Tensor, targets), 2 / 24) as tf.Tensor2D
    const want = tf.matMul(residual, kernel[0] as unknown as tf.Tensor2D, false, true).dataSync()
    expect(got.shape).toEqual([12, 5])
    expect(greatestError(got.data, Float64Array.from(want))).toBeLessThan(1e-5)
  })

  test('of a loss of your own, in training mode: moving statistics stay', async () => {
    const model = network()
    const before = model.getWeights().map((weight) => Array.from(weight.dataSync()))
    const recorder = watch(model, {
      targets: y(),
      training: true,
      loss: ([out], [target]) => tf.sum(tf.mul(out, target)),
      sides: ['gradient'],
    })
    await recorder.record(1)
    expect(recorder.toJSON().distributions.every(({ side }) => side === 'gradient')).toBe(true)
    expect(model.getWeights().map((weight) => Array.from(weight.dataSync()))).toEqual(before)
  })

  test('several outputs: the losses add up', async () => {
    const [a, b] = [input({ shape: [3] }), input({ shape: [3] })]
    const shared = dense('shared', 4, 'tanh')
    const [p, q] = [shared.apply(a), dense('own', 4, 'relu').apply(b)]
    const sum = stock.add().apply([p, q] as SymbolicTensor[])
    const model = makeModel({
      inputs: [a, b],
      outputs: [dense('one', 1).apply(sum), dense('two', 2).apply(sum)] as SymbolicTensor[],
    })
    model.compile({ optimizer: 'sgd', loss: ['meanSquaredError', 'meanAbsoluteError'] })
    const recorder = watch(model, { probe: [x(), x()], targets: [toTf(random([12, 1], 3)), y()] })
    await recorder.record(0)
    const { series } = recorder.toJSON()
    for (const name of ['shared', 'own', 'one', 'two'])
      expect(values(series, name, 'gradientNorm')![0][1]).toBeGreaterThan(0)
  })
})

describe('measures', () => {
  test('saturated and dead units: where the slope is below .05', async () => {
    const model = sequential({
      layers: [
        stock.inputLayer({ inputShape: [4] }),
        stock.reLU({ name: 'relu' }),
        stock.activation({ name: 'tanh', activation: 'tanh' }),
      ],
    })
    // Unit 0 is always negative, unit 1 half the time, 2 saturates tanh, 3 does not.
    const probe = tf.tensor2d([[-1, -1, 9, 0.1], [-2, 1, 8, 0.2]]) // prettier-ignore
    const recorder = watch(model, { probe })
    await recorder.record(0)
    const { series } = recorder.toJSON()
    expect(values(series, 'relu', 'saturated')).toEqual([[0, 3 / 8]])
    expect(values(series, 'relu', 'dead')).toEqual([[0, 1 / 4]])
    // relu's output, then tanh: 0 has slope 1.
    expect(values(series, 'tanh', 'saturated')).toEqual([[0, 2 / 8]])
    expect(values(series, 'tanh', 'dead')).toEqual([[0, 1 / 4]])
  })

  test('channels first: a unit is dead in all positions', async () => {
    const conv = stock.conv2d({
      name: 'conv',
      filters: 2,
      kernelSize: 1,
      inputShape: [1, 2, 2],
      dataFormat: 'channelsFirst',
      activation: 'relu',
    })
    const model = sequential({ layers: [conv] })
    conv.setWeights([tf.tensor4d([1, -1], [1, 1, 1, 2]), tf.tensor1d([0, 0])])
    const recorder = watch(model, { probe: tf.ones([3, 1, 2, 2]) })
    await recorder.record(0)
    expect(values(recorder.toJSON().series, 'conv', 'dead')).toEqual([[0, 0.5]])
  })

  test('norms of weights, and of one step of each epoch in fit', async () => {
    const model = compiled()
    const recorder = watch(model, { epochs: [0, 1, 2] })
    await model.fit(x(), y(), { epochs: 2, batchSize: 6, verbose: 0, shuffle: false, callbacks: recorder })
    const { series } = recorder.toJSON()
    const norm = Math.hypot(
      ...model
        .getLayer('out')
        .getWeights()
        .flatMap((weight) => Array.from(weight.dataSync())),
    )
    expect(values(series, 'out', 'weightNorm')!.at(-1)![1]).toBeCloseTo(norm, 5)
    expect(values(series, 'norm', 'weightNorm')!.length).toBe(3)
    expect(values(series, 'out', 'updateRatio')!.map(([epoch]) => epoch)).toEqual([1, 2])
  })

  test('a loop of your own: the ratio of a step is its length over that of the weights', async () => {
    const model = network()
    const recorder = watch(model)
    const kernel = model.getLayer('out').trainableWeights
    const before = kernel.map((weight) => Array.from(weight.read().dataSync()))
    recorder.beforeStep()
    for (const weight of kernel) weight.write(tf.mul(weight.read(), 1.25))
    await recorder.afterStep()
    await recorder.record(1)
    const { series } = recorder.toJSON()
    expect(values(series, 'out', 'updateRatio')![0][1]).toBeCloseTo(0.25, 5)
    expect(values(series, 'hidden', 'updateRatio')![0][1]).toBe(0)
    expect(before.flat().length).toBe(12)
    await expect(recorder.afterStep()).rejects.toThrow(/beforeStep/)
  })

  test('measures: false leaves them out', async () => {
    const recorder = watch(network(), { measures: false })
    await recorder.record(0)
    expect(recorder.toJSON().series).toEqual([])
  })
})

test('nested models: their layers under their names; shared ones are left out', async () => {
  const encoder = sequential({
    name: 'encoder',
    layers: [stock.dense({ name: 'a', units: 4, activation: 'tanh', inputShape: [3] })],
  })
  const twice = sequential({
    name: 'twice',
    layers: [stock.dense({ name: 'b', units: 4, activation: 'relu', inputShape: [4] })],
  })
  const given = input({ shape: [3] })
  const once = twice.apply(encoder.apply(given))
  const model = compiled(
    makeModel({ inputs: given, outputs: dense('out', 2).apply(twice.apply(once)) as SymbolicTensor }),
  )
  const recorder = watch(model, { targets: y(), keepValues: true, training: true })
  await recorder.record(0)
  const { distributions, series } = recorder.toJSON()
  expect(new Set(distributions.map(({ layer }) => layer))).toEqual(new Set(['encoder/a', null]))
  expect(recorder.values('encoder/a', 'post', 0)!.data).toEqual(
    (encoder.predict(x()) as tf.Tensor).dataSync(),
  )
  expect(
    new Set(series!.filter(({ measure }) => measure === 'weightNorm').map(({ layer }) => layer)),
  ).toEqual(new Set(['encoder/a', 'out']))
})

test('nothing is left behind', async () => {
  const model = compiled()
  const recorder = watch(model, { targets: y() })
  const step = async (epoch: number) => {
    recorder.beforeStep()
    await recorder.afterStep()
    await recorder.record(epoch)
  }
  await step(0)
  const { numTensors } = tf.memory()
  for (let epoch = 1; epoch < 6; epoch++) await step(epoch)
  expect(tf.memory().numTensors).toBe(numTensors)
})

test('without a list of epochs recording keeps to its budget, and takes the first and the last', async () => {
  const model = compiled()
  const recorder = new ActivationRecorder({ probe: x(), budget: 1e-9 })
  await model.fit(x(), y(), { epochs: 9, verbose: 0, callbacks: recorder })
  expect([...new Set(recorder.toJSON().distributions.map(({ epoch }) => epoch))]).toEqual([1, 9])
})

describe('refuses', () => {
  const refusals: [string, () => unknown, string, RegExp][] = [
    ['targets without a loss', () => watch(network(), { targets: y() }), 'loss', /not compiled/],
    ['a gradient without targets', () => watch(network(), { sides: ['gradient'] }), 'sides', /targets/],
    ['targets that are none', () => watch(network(), { targets: 3 as never }), 'targets', /tf.Tensor/],
    ['no budget', () => watch(network(), { budget: 0 }), 'budget', /Infinity/],
  ]
  test.each(refusals)('%s', (_, task, argument, message) => {
    expect(task).toThrow(expect.objectContaining({ argument, message: expect.stringMatching(message) }))
  })
})
