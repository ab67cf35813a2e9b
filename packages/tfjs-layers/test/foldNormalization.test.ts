import { greatestError } from '@normlab/core/testing'
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
import { foldNormalization } from '../src/surgery/index.ts'
import { useCpu } from './cpu.ts'
import { random, toTf } from './fixtures.ts'
import { fill } from './kerasModels.ts'

await useCpu()

type T = SymbolicTensor
type Made = stock.Layer
const as = (value: unknown) => value as T
const line = (shape: number[], ...list: Made[]): LayersModel => {
  const x = input({ shape })
  return fill(makeModel({ inputs: x, outputs: list.reduce((y, layer) => as(layer.apply(y)), x) }))
}
const inputsOf = (model: LayersModel) =>
  model.inputs.map(({ shape }, i) => toTf(random([3, ...(shape.slice(1) as number[])], 50 + i)))
const outputsOf = (model: LayersModel, x: tf.Tensor[]) =>
  [model.predict(x.length > 1 ? x : x[0]) as tf.Tensor | tf.Tensor[]]
    .flat()
    .map((y) => y.dataSync() as Float32Array)

async function check(model: LayersModel) {
  const x = inputsOf(model)
  const before = outputsOf(model, x)
  const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()))
  const result = await foldNormalization(model)
  outputsOf(result.model, x).forEach((y, i) => expect(greatestError(y, before[i])).toBeLessThan(1e-5))
  expect(outputsOf(model, x)).toEqual(before)
  expect(model.getWeights().map((weight) => Array.from(weight.dataSync()))).toEqual(weights)
  return result
}

const norms: [string, (config?: object) => Made][] = [
  ['ours', (config) => layers.batchNormalization({ epsilon: 0.01, ...config })],
  ['stock', (config) => stock.batchNormalization({ epsilon: 0.01, ...config })],
]
const linears: [string, number[], () => Made, number][] = [
  ['dense', [5], () => stock.dense({ units: 4 }), -1],
  ['dense without bias, over positions', [3, 5], () => stock.dense({ units: 4, useBias: false }), -1],
  ['conv1d', [7, 3], () => stock.conv1d({ filters: 4, kernelSize: 3 }), -1],
  [
    'conv2d, padded',
    [6, 5, 3],
    () => stock.conv2d({ filters: 4, kernelSize: 3, padding: 'same', strides: 2 }),
    -1,
  ],
  [
    'conv2d, channels first',
    [3, 6, 5],
    () => stock.conv2d({ filters: 4, kernelSize: 2, dataFormat: 'channelsFirst' }),
    1,
  ],
  ['conv3d', [4, 4, 3, 2], () => stock.conv3d({ filters: 3, kernelSize: 2 }), -1],
  ['conv2dTranspose', [4, 4, 3], () => stock.conv2dTranspose({ filters: 5, kernelSize: 3, strides: 2 }), -1],
  [
    'conv3dTranspose',
    [3, 3, 2, 3],
    () => stock.conv3dTranspose({ filters: 2, kernelSize: 2, strides: 2 } as never),
    -1,
  ],
  [
    'depthwise',
    [5, 5, 3],
    () => stock.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, useBias: false }),
    -1,
  ],
  [
    'separable',
    [5, 5, 3],
    () => stock.separableConv2d({ filters: 4, kernelSize: 2, depthMultiplier: 2 }),
    -1,
  ],
]

describe.each(norms)('BatchNormalization, %s', (which, norm) => {
  // The stock layer is wrong for channels first (#1106), and has no rank 5.
  const fit = linears.filter(([name]) => which === 'ours' || !/first|3d/i.test(name))
  test.each(fit)('after %s: gone', async (_name, shape, make, axis) => {
    const { model, folded, kept } = await check(line(shape, make(), norm({ axis }), stock.reLU()))
    expect(folded.map(({ what }) => what)).toEqual(['all'])
    expect(kept).toEqual([])
    expect(model.layers.some((layer) => layer.getClassName().includes('BatchNormalization'))).toBe(false)
  })

  test.each(fit.filter(([name]) => !/padded|Transpose/.test(name)))(
    'before %s: gone',
    async (_name, shape, make, axis) => {
      const { folded } = await check(line(shape, norm({ axis }), make(), stock.reLU()))
      expect(folded.map(({ what }) => what)).toEqual(['all'])
    },
  )

  test.each(fit.filter(([name]) => /padded|Transpose/.test(name)))(
    'before %s: stays, and says why',
    async (_name, shape, make, axis) => {
      const { folded, kept } = await check(line(shape, norm({ axis }), make()))
      expect(folded).toEqual([])
      expect(kept[0].reason).toMatch(/input of the model.*border the shift would be missing/)
    },
  )
})

test('a convolution that pads takes a scale alone, and one of size 1 anything', async () => {
  const conv = () => stock.conv2d({ filters: 4, kernelSize: 3, padding: 'same' })
  const scale = line([6, 6, 3], layers.batchNormalization({ center: false }), conv())
  const bn = scale.layers[1]
  const [gamma, mean, variance] = bn.getWeights()
  bn.setWeights([gamma, tf.zerosLike(mean), variance])
  expect((await check(scale)).folded.length).toBe(1)
  const one = line(
    [6, 6, 3],
    layers.batchNormalization(),
    stock.conv2d({ filters: 4, kernelSize: 1, padding: 'same', strides: 2 }),
  )
  expect((await check(one)).folded.length).toBe(1)
})

test('two in a row, with dropout between, and one before: all go', async () => {
  const { model, folded } = await check(
    line(
      [5],
      layers.batchNormalization(),
      stock.dense({ units: 6 }),
      layers.dropout({ rate: 0.2 }),
      layers.batchNormalization(),
      stock.batchNormalization({}),
    ),
  )
  expect(folded.length).toBe(3)
  expect(model.layers.map((layer) => layer.getClassName())).toEqual([
    'InputLayer',
    'Dense',
    'normlab>Dropout',
  ])
})

const ends: [string, () => Made][] = [
  ['layerNormalization', () => layers.layerNormalization()],
  ['stock layerNormalization', () => stock.layerNormalization({})],
  ['rmsNormalization', () => layers.rmsNormalization()],
  ['groupNormalization', () => layers.groupNormalization({ groups: 3 })],
  ['instanceNormalization', () => layers.instanceNormalization()],
]
test.each(ends)('%s: gamma and beta go into what follows, all of it', async (_, norm) => {
  const x = input({ shape: [7, 6] })
  const y = as(norm().apply(x))
  const outputs = [
    as(stock.dense({ units: 4 }).apply(y)),
    as(stock.conv1d({ filters: 2, kernelSize: 3 }).apply(y)),
  ]
  const { model, folded } = await check(fill(makeModel({ inputs: x, outputs })))
  expect(folded).toEqual([{ layer: expect.any(String), into: expect.any(Array), what: 'affine' }])
  expect(folded[0].into.length).toBe(2)
  expect(model.layers[1].weights).toEqual([])
})

describe('what must stay', () => {
  const dense = (config: object = {}) => stock.dense({ units: 6, ...config })
  const bn = () => layers.batchNormalization({ name: 'bn' })
  const graphs: [string, () => LayersModel, RegExp][] = [
    [
      'an activation between',
      () => line([6], dense({ activation: 'relu' }), bn(), stock.reLU()),
      /not linear.*not linear/,
    ],
    [
      'an output that goes elsewhere',
      () => {
        const x = input({ shape: [6] })
        const y = as(dense({ name: 'both' }).apply(x))
        return fill(makeModel({ inputs: x, outputs: [as(stock.reLU().apply(bn().apply(y))), y] }))
      },
      /both goes elsewhere/,
    ],
    [
      'a shared dense layer',
      () => {
        const [a, b] = [input({ shape: [6] }), input({ shape: [6] })]
        const layer = dense({ name: 'twice' })
        const y = as(bn().apply(layer.apply(a)))
        return fill(makeModel({ inputs: [a, b], outputs: [as(stock.reLU().apply(y)), as(layer.apply(b))] }))
      },
      /twice is applied several times/,
    ],
    [
      'a shared norm',
      () => {
        const [a, b] = [input({ shape: [6] }), input({ shape: [6] })]
        const layer = bn()
        return fill(
          makeModel({ inputs: [a, b], outputs: [a, b].map((x) => as(layer.apply(dense().apply(x)))) }),
        )
      },
      /^it is applied several times/,
    ],
    [
      'another axis',
      () => line([3, 6], dense(), layers.batchNormalization({ axis: 1, name: 'bn' })),
      /another axis/,
    ],
    [
      'a norm of several axes',
      () => line([3, 6], layers.layerNormalization({ axis: [1, 2], name: 'bn' }), dense()),
      /several axes/,
    ],
    [
      'a norm at the end',
      () => line([6], dense(), layers.layerNormalization({ name: 'bn' })),
      /output of the model/,
    ],
    [
      'a norm of another kind',
      () => line([6], layers.dynamicTanh({ name: 'bn' }), dense()),
      /no product and sum/,
    ],
  ]
  test.each(graphs)('%s', async (_, make, reason) => {
    const { folded, kept } = await check(make())
    expect(folded).toEqual([])
    expect(kept).toEqual([{ layer: 'bn', reason: expect.stringMatching(reason) }])
  })

  test('a norm of one branch does not touch the other', async () => {
    const x = input({ shape: [6] })
    const [a, b] = [as(bn().apply(dense().apply(x))), as(dense().apply(x))]
    const { folded } = await check(fill(makeModel({ inputs: x, outputs: as(stock.add().apply([a, b])) })))
    expect(folded.length).toBe(1)
  })
})

test('nested models fold inside, a Sequential too; one that is applied twice stays one', async () => {
  const encoder = sequential({
    name: 'encoder',
    layers: [
      stock.dense({ units: 5, inputShape: [6] }),
      layers.batchNormalization({ name: 'bn' }),
      stock.reLU(),
    ],
  })
  const [a, b] = [input({ shape: [6] }), input({ shape: [6] })]
  const model = fill(
    makeModel({
      inputs: [a, b],
      outputs: as(stock.concatenate().apply([as(encoder.apply(a)), as(encoder.apply(b))])),
    }),
  )
  const result = await check(model)
  expect(result.folded).toEqual([{ layer: 'encoder/bn', into: [expect.any(String)], what: 'all' }])
  expect(result.model.weights.length).toBe(2)
})

test('the folded model is saved and trained like any; nothing is left behind but its own weights', async () => {
  const model = line(
    [5],
    stock.dense({ units: 4 }),
    layers.batchNormalization(),
    stock.reLU(),
    stock.dense({ units: 2, name: 'end' }),
  )
  const { numTensors } = tf.memory()
  const { model: folded } = await foldNormalization(model)
  expect(tf.memory().numTensors - numTensors).toBe(2)
  expect(folded.getLayer('end')).toBe(model.getLayer('end'))
  expect(JSON.stringify(folded.toJSON())).not.toContain('BatchNormalization')
})

test('refuses what is no model', async () => {
  await expect(foldNormalization({} as never)).rejects.toThrow(NormlabError)
})
