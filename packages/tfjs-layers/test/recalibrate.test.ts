import { greatestError } from '@normlab/core/testing'
import { momentsOf } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import {
  input,
  layers as stock,
  model as makeModel,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { layers, NormlabError } from '../src/index.ts'
import { recalibrate, type Batches } from '../src/surgery/index.ts'
import { useCpu } from './cpu.ts'
import { random, toTf } from './fixtures.ts'
import { fill } from './kerasModels.ts'

await useCpu()

const N = 22
const data = () => toTf(random([N, 6, 3], 1, 2, 5))
const network = () =>
  fill(
    sequential({
      layers: [
        stock.conv1d({ filters: 4, kernelSize: 3, inputShape: [6, 3] }),
        layers.batchNormalization({ name: 'first' }),
        stock.reLU(),
        layers.dropout({ rate: 0.5 }),
        stock.conv1d({ filters: 5, kernelSize: 2 }),
        stock.batchNormalization({ name: 'second' }),
        stock.flatten(),
        stock.dense({ units: 2 }),
      ],
    }),
  )
const statistics = (model: LayersModel, name: string) =>
  model
    .getLayer(name)
    .getWeights()
    .slice(-2)
    .map((weight) => weight.dataSync() as Float32Array)

/** What the layer gets over all data, in one batch. */
function inputOf(model: LayersModel, name: string, x: tf.Tensor) {
  const layer = model.getLayer(name)
  const y = makeModel({ inputs: model.inputs, outputs: layer.input as SymbolicTensor }).predict(
    x,
  ) as tf.Tensor
  return momentsOf({ data: Float64Array.from(y.dataSync()), shape: y.shape })
}

function checkExact(model: LayersModel, x: tf.Tensor): void {
  for (const name of ['first', 'second']) {
    const { mean, m2, count } = inputOf(model, name, x)
    const [gotMean, gotVariance] = statistics(model, name)
    expect(greatestError(gotMean, mean)).toBeLessThan(1e-6)
    expect(
      greatestError(
        gotVariance,
        m2.map((value, i) => value / count[i]),
      ),
    ).toBeLessThan(1e-6)
  }
}

/** As tf.data has it: another iterator at each pass, of tensors that it makes. */
const dataset = (x: tf.Tensor) => ({
  iterator: async () => {
    let at = 0
    return {
      next: async () =>
        at < N
          ? {
              done: false as const,
              value: { xs: tf.slice(x, at, Math.min(5, N - (at += 5) + 5)), ys: tf.ones([1]) },
            }
          : { done: true as const, value: null },
    }
  },
})

const forms: [string, (x: tf.Tensor) => Batches][] = [
  ['one tensor', (x) => x],
  ['a list of batches of different sizes', (x) => tf.split(x, [1, 10, 11])],
  ['a dataset', dataset],
  ['by name', (x) => [{ given: x }]],
  ['a function of a generator', (x) => function* () { yield [tf.slice(x, 0, 20)]; yield [tf.slice(x, 20)] }], // prettier-ignore
  ['an asynchronous generator', (x) => async function* () { yield { xs: x } }], // prettier-ignore
]
test.each(forms)('%s: the statistics of each layer are those of its input over all data', async (_, form) => {
  const model = network()
  const x = data()
  const given = form(x)
  const named = Array.isArray(given) && 'given' in given[0] ? [{ [model.inputNames[0]]: x }] : given
  const done = await recalibrate(model, named, { batchSize: 4 })
  expect(done).toEqual([
    { layer: 'first', count: N * 4 },
    { layer: 'second', count: N * 3 },
  ])
  checkExact(model, x)
  expect(x.isDisposed).toBe(false)
})

test('again: the same; a layer by name alone', async () => {
  const model = network()
  const x = data()
  await recalibrate(model, x)
  const before = model.getWeights().map((weight) => Array.from(weight.dataSync()))
  await recalibrate(model, tf.reverse(x, 0), { batchSize: 7 })
  model
    .getWeights()
    .forEach((weight, i) =>
      expect(greatestError(weight.dataSync() as Float32Array, Float64Array.from(before[i]))).toBeLessThan(
        1e-6,
      ),
    )
  const other = network()
  const first = statistics(other, 'first').map((values) => Array.from(values))
  await recalibrate(other, x, { layers: ['second'] })
  expect(statistics(other, 'first').map((values) => Array.from(values))).toEqual(first)
})

test('nested and shared layers, unbiased variances, masks', async () => {
  const inner = sequential({
    layers: [layers.batchNormalization({ name: 'inner', variance: 'unbiased', inputShape: [3] })],
  })
  const [a, b] = [input({ shape: [3] }), input({ shape: [3] })]
  const model = makeModel({ inputs: [a, b], outputs: [a, b].map((x) => inner.apply(x) as SymbolicTensor) })
  const [x, y] = [random([5, 3], 1, 2), random([5, 3], 2, 1, 4)]
  expect(await recalibrate(model, [[toTf(x), toTf(y)]])).toEqual([{ layer: 'inner', count: 10 }])
  const all = momentsOf({ data: Float64Array.from([...x.data, ...y.data]), shape: [10, 3] })
  const [mean, variance] = statistics(inner as LayersModel, 'inner')
  expect(greatestError(mean, all.mean)).toBeLessThan(1e-6)
  expect(
    greatestError(
      variance,
      all.m2.map((m2) => m2 / 9),
    ),
  ).toBeLessThan(1e-6)

  const masked = sequential({
    layers: [
      stock.masking({ maskValue: 0, inputShape: [4, 2] }),
      layers.batchNormalization({ name: 'masked' }),
    ],
  })
  const values = random([2, 4, 2], 3, 1, 2)
  const { data: kept } = values
  kept.fill(0, 4, 8)
  expect((await recalibrate(masked, [toTf(values)]))[0].count).toBe(6)
  const rest = momentsOf({ data: Float64Array.from([...kept.slice(0, 4), ...kept.slice(8)]), shape: [6, 2] })
  expect(greatestError(statistics(masked, 'masked')[0], rest.mean)).toBeLessThan(1e-6)
})

test('progress is told, and nothing is left behind', async () => {
  const model = network()
  const x = data()
  const seen: string[] = []
  await recalibrate(model, x)
  const { numTensors } = tf.memory()
  await recalibrate(model, dataset(x), {
    onProgress: ({ layer, pass, passes, batch }) => seen.push(`${layer} ${pass}/${passes} ${batch}`),
  })
  expect(seen).toEqual(
    [1, 2, 3, 4, 5].map((b) => `first 1/2 ${b}`).concat([1, 2, 3, 4, 5].map((b) => `second 2/2 ${b}`)),
  )
  expect(tf.memory().numTensors).toBe(numTensors)
})

test('stopped in the middle: the statistics are what they were', async () => {
  const model = network()
  const before = model.getWeights().map((weight) => Array.from(weight.dataSync()))
  const stop = new AbortController()
  const task = recalibrate(model, data(), {
    batchSize: 4,
    signal: stop.signal,
    onProgress: ({ pass }) => pass === 2 && stop.abort(new Error('enough')),
  })
  await expect(task).rejects.toThrow('enough')
  expect(model.getWeights().map((weight) => Array.from(weight.dataSync()))).toEqual(before)
  expect(Object.hasOwn(model.getLayer('first'), 'call')).toBe(false)
})

describe('refuses', () => {
  const plain = () => sequential({ layers: [stock.dense({ units: 1, inputShape: [2] })] })
  const refusals: [string, () => Promise<unknown>, string, RegExp][] = [
    [
      'a model without BatchNormalization',
      () => recalibrate(plain(), tf.ones([1, 2])),
      'model',
      /no BatchNormalization/,
    ],
    [
      'an unknown layer',
      () => recalibrate(network(), data(), { layers: ['frist'] }),
      'layers',
      /frist.*first, second/,
    ],
    ['an iterator', () => recalibrate(network(), [data()].values() as never), 'dataset', /only once/],
    ['no batches', () => recalibrate(network(), []), 'dataset', /no batches/],
    ['a batch of numbers', () => recalibrate(network(), [1] as never), 'dataset', /batch of 1/],
    ['too many inputs', () => recalibrate(network(), [[data(), data()]]), 'dataset', /2 inputs/],
    ['half a batch', () => recalibrate(network(), data(), { batchSize: 0.5 }), 'batchSize', /0.5/],
  ]
  test.each(refusals)('%s', async (_, task, argument, message) => {
    const error = await task().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NormlabError)
    expect((error as NormlabError).argument).toBe(argument)
    expect((error as NormlabError).message).toMatch(message)
  })
})
