import type { Distribution } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import {
  initializers,
  input,
  layers as stock,
  model as makeModel,
  sequential,
  type LayersModel,
} from '@tensorflow/tfjs-layers'
import { afterAll, describe, expect, test } from 'vitest'
import { ActivationRecorder, layers, NormlabError, type RecorderOptions, type Side } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { random, toTf } from './fixtures.ts'
import { useWasm } from './wasm.ts'

await useCpu()
afterAll(useCpu)

const PROBE = 20
const network = () =>
  sequential({
    layers: [
      stock.dense({
        name: 'first',
        units: 8,
        inputShape: [3],
        activation: 'relu',
        kernelInitializer: initializers.glorotUniform({ seed: 1 }),
      }),
      layers.batchNormalization({ name: 'norm', momentum: 0.5 }),
      stock.activation({ name: 'act', activation: 'tanh' }),
      layers.dropout({ name: 'drop', rate: 0.5, seed: 1 }),
      stock.dense({ name: 'out', units: 2 }),
    ],
  })
const probe = () => toTf(random([PROBE, 3], 1))
const total = ({ histogram }: Distribution) =>
  histogram.counts.reduce((a, b) => a + b, 0) + histogram.outside + histogram.notFinite
const keys = (list: readonly Distribution[]) =>
  list.map(({ epoch, layer, unit, side }) => [epoch, layer, unit, side].join(' '))

async function fit(model: LayersModel, recorder: ActivationRecorder, epochs: number, initialEpoch = 0) {
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
  await model.fit(toTf(random([16, 3], 2)), toTf(random([16, 2], 3)), {
    epochs,
    initialEpoch,
    verbose: 0,
    callbacks: recorder,
  })
}

test('through fit: the epochs asked for, 0 before training; units, layer, network', async () => {
  const recorder = new ActivationRecorder({ probe: probe(), epochs: [0, 2], units: { first: [1, 7] } })
  await fit(network(), recorder, 3)
  const { format, distributions } = recorder.toJSON()
  expect(format).toBe('normlab-distributions-1')
  const at = (epoch: number) => [
    `${epoch} first 1 pre`,
    `${epoch} first 7 pre`,
    `${epoch} first  pre`,
    `${epoch} first 1 post`,
    `${epoch} first 7 post`,
    `${epoch} first  post`,
    `${epoch} act  pre`,
    `${epoch} act  post`,
    `${epoch}   pre`,
    `${epoch}   post`,
  ]
  expect(keys(distributions)).toEqual([...at(0), ...at(2)])
  for (const entry of distributions) {
    const count = entry.unit !== null ? PROBE : entry.layer ? PROBE * 8 : PROBE * 16
    expect(total(entry)).toBe(count)
    expect(entry.summary.count).toBe(count)
    expect(entry.histogram.counts.length).toBe(64)
  }
  expect(distributions[0].summary).not.toEqual(distributions[10].summary)
  expect(JSON.parse(JSON.stringify(recorder))).toEqual(recorder.toJSON())
})

test('by default: after every epoch, all layers with an activation, 16 units', async () => {
  const model = sequential({
    layers: [
      stock.dense({ name: 'wide', units: 30, inputShape: [3], activation: 'elu' }),
      stock.dense({ units: 2 }),
    ],
  })
  const recorder = new ActivationRecorder({ probe: probe(), budget: Infinity })
  await fit(model, recorder, 2)
  const { distributions } = recorder.toJSON()
  expect(new Set(distributions.map(({ epoch }) => epoch))).toEqual(new Set([1, 2]))
  expect(new Set(distributions.map(({ layer }) => layer))).toEqual(new Set(['wide', null]))
  expect(
    distributions.filter(({ epoch, side, unit }) => epoch === 1 && side === 'pre' && unit !== null).length,
  ).toBe(16)
})

test('a fit that goes on adds to the record, and so does one by hand; another model starts anew', async () => {
  const model = network()
  const recorder = new ActivationRecorder({ probe: probe(), epochs: [0, 1, 2, 3] })
  recorder.setModel(model)
  await recorder.record(0)
  const epochs = () => [...new Set(recorder.toJSON().distributions.map(({ epoch }) => epoch))]
  await fit(model, recorder, 1)
  expect(epochs()).toEqual([0, 1])
  await fit(model, recorder, 3, 1)
  expect(epochs()).toEqual([0, 1, 2, 3])
  recorder.setModel(network())
  expect(epochs()).toEqual([])
})

const relu = (data: Float32Array) => data.map((value) => Math.max(value, 0))
const fused: [string, number[], (config: { activation: 'relu' | 'linear'; name: string }) => stock.Layer][] =
  [
    ['dense', [6], (config) => stock.dense({ units: 5, ...config })],
    ['dense over positions', [4, 6], (config) => stock.dense({ units: 5, ...config })],
    ['conv1d', [8, 3], (config) => stock.conv1d({ filters: 5, kernelSize: 3, ...config })],
    ['conv2d', [6, 5, 3], (config) => stock.conv2d({ filters: 4, kernelSize: [3, 2], ...config })],
    [
      'conv2d without bias',
      [6, 5, 3],
      (config) => stock.conv2d({ filters: 4, kernelSize: 2, useBias: false, ...config }),
    ],
    [
      'depthwiseConv2d',
      [6, 5, 3],
      (config) => stock.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, ...config }),
    ],
    [
      'separableConv2d',
      [6, 5, 3],
      (config) => stock.separableConv2d({ filters: 4, kernelSize: 2, ...config }),
    ],
    [
      'conv2dTranspose',
      [4, 4, 2],
      (config) => stock.conv2dTranspose({ filters: 3, kernelSize: 2, ...config }),
    ],
  ]
describe.each([
  ['cpu', useCpu],
  ['wasm', useWasm],
] as const)('fused activations on %s', (_, use) => {
  test.each(fused)(
    '%s: pre is what the linear layer gives, and post is exactly relu(pre)',
    async (_name, shape, make) => {
      await use()
      const whole = sequential({
        layers: [stock.inputLayer({ inputShape: shape }), make({ activation: 'relu', name: 'it' })],
      })
      const split = sequential({
        layers: [
          stock.inputLayer({ inputShape: shape }),
          make({ activation: 'linear', name: 'linear' }),
          stock.reLU({ name: 'it' }),
        ],
      })
      split.setWeights(whole.getWeights())
      const x = toTf(random([7, ...shape], 4))
      const read = async (model: LayersModel) => {
        const recorder = new ActivationRecorder({ probe: x, keepValues: true, units: 'all' })
        recorder.setModel(model)
        const entries = await recorder.record(1)
        const values = (side: Side) => recorder.values('it', side, 1)!
        return { pre: values('pre'), post: values('post'), entries }
      }
      const [a, b] = [await read(whole), await read(split)]
      expect(a.pre).toEqual(b.pre)
      expect(a.post.data).toEqual(relu(a.pre.data))
      expect(a.pre.data.some((value) => value < 0)).toBe(true)
      expect(Array.from(a.post.data)).toEqual(Array.from((whole.predict(x) as tf.Tensor).dataSync()))
      const units = a.pre.shape.at(-1)!
      expect(
        a.entries.filter(({ layer, unit, side }) => layer === 'it' && unit !== null && side === 'pre').length,
      ).toBe(units)
      for (const entry of a.entries)
        expect(total(entry)).toBe(entry.unit === null ? a.pre.data.length : a.pre.data.length / units)
      const third = a.entries.find(({ unit, side }) => unit === 2 && side === 'pre')!
      const column = a.pre.data.filter((_v, i) => i % units === 2)
      expect(third.summary.mean).toBeCloseTo(column.reduce((sum, v) => sum + v, 0) / column.length, 5)
    },
  )
})

test('channels first: a unit is still a channel', async () => {
  await useCpu()
  const model = sequential({
    layers: [
      stock.conv2d({
        name: 'it',
        inputShape: [3, 6, 5],
        filters: 4,
        kernelSize: 2,
        dataFormat: 'channelsFirst',
        activation: 'relu',
      }),
    ],
  })
  const recorder = new ActivationRecorder({
    probe: toTf(random([2, 3, 6, 5], 1)),
    units: [3],
    keepValues: true,
  })
  recorder.setModel(model)
  const [unit] = await recorder.record(0)
  const { data, shape } = recorder.values('it', 'pre', 0)!
  expect(shape).toEqual([2, 4, 5, 4])
  const channel = data.filter((_v, i) => Math.floor(i / 20) % 4 === 3)
  expect(unit.summary).toMatchObject({ count: 40, min: Math.min(...channel), max: Math.max(...channel) })
})

test('functional models of several inputs; a layer without activation is the same on both sides', async () => {
  const [a, b] = [input({ shape: [3], name: 'a' }), input({ shape: [4], name: 'b' })]
  const one = stock.dense({ name: 'one', units: 4, activation: 'sigmoid' }).apply(a) as typeof a
  const sum = stock.add({ name: 'sum' }).apply([one, b]) as typeof a
  const model = makeModel({ inputs: [a, b], outputs: stock.softmax({ name: 'soft' }).apply(sum) as typeof a })
  const recorder = new ActivationRecorder({
    probe: [toTf(random([5, 3], 1)), toTf(random([5, 4], 2))],
    layers: ['soft', 'sum', 'one'],
    keepValues: true,
  })
  recorder.setModel(model)
  await recorder.record(0)
  expect(recorder.values('soft', 'pre', 0)).toEqual(recorder.values('sum', 'post', 0))
  expect(recorder.values('sum', 'pre', 0)).toEqual(recorder.values('sum', 'post', 0))
  expect(recorder.values('one', 'post', 0)!.data).not.toEqual(recorder.values('one', 'pre', 0)!.data)
  expect(recorder.values('one', 'post', 1)).toBeUndefined()
})

describe('training: true', () => {
  test("uses the probe's own statistics and leaves moving ones and dropout's step", async () => {
    const model = network()
    const x = toTf(random([PROBE, 3], 1, 3, 5))
    const options: RecorderOptions = {
      probe: x,
      layers: ['norm', 'act', 'drop'],
      keepValues: true,
      units: [],
    }
    const state = () => model.getWeights().map((weight) => Array.from(weight.dataSync()))
    const before = state()
    const own = new ActivationRecorder({ ...options, training: true })
    own.setModel(model)
    const [norm] = await own.record(0)
    expect(norm).toMatchObject({ layer: 'norm', unit: null })
    expect(Math.abs(norm.summary.mean)).toBeLessThan(1e-5)
    expect(own.values('drop', 'post', 0)!.data.filter((value) => value === 0).length).toBeGreaterThan(20)
    expect(state()).toEqual(before)
    expect((model.getLayer('drop') as unknown as { step: number }).step).toBe(0)
    const moving = new ActivationRecorder(options)
    moving.setModel(model)
    expect((await moving.record(0))[0].summary.mean).toBeGreaterThan(0.1)
    expect(moving.values('drop', 'post', 0)).toEqual(moving.values('act', 'post', 0))
  })
})

test('leaves no tensor and no change behind, after a failure either', async () => {
  const model = network()
  const recorder = new ActivationRecorder({
    probe: probe(),
    layers: ['first', 'act', 'out'],
    training: true,
    epochs: [0],
  })
  recorder.setModel(model)
  await recorder.record(0)
  const { numTensors } = tf.memory()
  for (let epoch = 0; epoch < 10; epoch++) await recorder.record(epoch)
  expect(tf.memory().numTensors).toBe(numTensors)

  const first = model.getLayer('first') as unknown as {
    call: unknown
    activation: { getClassName(): string }
  }
  const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()))
  const { call } = first
  let calls = 0
  first.call = function failing(this: unknown, ...args: unknown[]) {
    if (++calls === 2) throw new Error('in the middle')
    return (call as (...given: unknown[]) => unknown).apply(this, args)
  }
  await expect(recorder.record(11)).rejects.toThrow('in the middle')
  first.call = call
  expect(first.activation.getClassName()).toBe('relu')
  expect(tf.memory().numTensors).toBe(numTensors)
  expect(model.getWeights().map((weight) => Array.from(weight.dataSync()))).toEqual(weights)
  await recorder.record(12)
})

test('range, bins and onRecord', async () => {
  const seen: [number, number][] = []
  const recorder = new ActivationRecorder({
    probe: probe(),
    bins: 10,
    range: { pre: [-0.1, 0.1] },
    sides: ['pre', 'post'],
    units: [],
    onRecord: (distributions, epoch) => seen.push([distributions.length, epoch]),
  })
  recorder.setModel(network())
  const [pre, post] = await recorder.record(4)
  expect(seen).toEqual([[6, 4]])
  expect(pre.histogram).toMatchObject({ min: -0.1, max: 0.1 })
  expect(pre.histogram.counts.length).toBe(10)
  expect(pre.histogram.outside).toBeGreaterThan(0)
  expect(post.histogram.outside).toBe(0)
})

test('without a list of epochs the record is thinned, not endless', async () => {
  const recorder = new ActivationRecorder({ probe: probe(), maxEpochs: 4, budget: Infinity })
  await fit(network(), recorder, 20)
  const epochs = [...new Set(recorder.toJSON().distributions.map(({ epoch }) => epoch))]
  expect(epochs).toEqual([8, 16])
})

describe('refuses', () => {
  const x = probe()
  const shared = () => {
    const layer = stock.dense({ name: 'twice', units: 3, activation: 'relu' })
    const a = input({ shape: [3] })
    const once = layer.apply(a) as typeof a
    return makeModel({
      inputs: a,
      outputs: stock
        .dense({ name: 'end', units: 1, activation: 'relu' })
        .apply(layer.apply(once)) as typeof a,
    })
  }
  const rnn = () =>
    sequential({
      layers: [stock.simpleRNN({ name: 'rnn', units: 3, recurrentInitializer: 'zeros', inputShape: [4, 2] })],
    })
  const set = (options: object, model: LayersModel = network()) =>
    new ActivationRecorder({ probe: x, ...options }).setModel(model)
  const gone = async () => {
    const disposed = probe()
    const recorder = new ActivationRecorder({ probe: disposed })
    recorder.setModel(network())
    disposed.dispose()
    await recorder.record(0)
  }
  const refusals: [string, () => unknown, string, RegExp][] = [
    ['no probe', () => new ActivationRecorder({} as never), 'probe', /tf.Tensor/],
    ['an unknown option', () => set({ layer: 'a' }), 'layer', /It has probe, targets/],
    ['a wrong side', () => set({ sides: ['before'] }), 'sides', /before.*pre/],
    ['a fraction of an epoch', () => set({ epochs: [1.5] }), 'epochs', /1.5/],
    ['0 bins', () => set({ bins: 0 }), 'bins', /0.*4096/],
    ['a range upside down', () => set({ range: [1, 0] }), 'min', /1 to 0/],
    ['an unknown layer', () => set({ layers: ['firts'] }), 'layers', /"firts".*first, norm, act/],
    ['an unknown unit', () => set({ units: [8] }), 'units', /"first".*8.*0 to 7/],
    ['a shared layer', () => set({ layers: ['twice'] }, shared()), 'layers', /2 times/],
    ['a recurrent layer', () => set({ layers: ['rnn'] }, rnn()), 'layers', /SimpleRNN/],
    ['a model without activations', () => set({}, rnn()), 'layers', /Name layers/],
    ['an empty model', () => set({}, sequential()), 'model', /no layers/],
    ['a record without model', () => new ActivationRecorder({ probe: x }).record(0), 'model', /setModel/],
    ['a disposed probe', gone, 'probe', /disposed/],
  ]
  test.each(refusals)('%s', async (_, task, argument, message) => {
    const error = await Promise.resolve()
      .then(task)
      .then(() => undefined)
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NormlabError)
    expect((error as NormlabError).argument).toBe(argument)
    expect((error as NormlabError).message).toMatch(message)
  })
  test('but leaves a shared layer out of the default', () => {
    const model = shared()
    const recorder = new ActivationRecorder({ probe: x })
    expect(() => recorder.setModel(model)).not.toThrow()
  })
})
