/** Weights of PyTorch: tools/oracle/make_safetensors.py. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { greatestError } from '@normlab/core/testing'
import * as tf from '@tensorflow/tfjs-core'
import { layers as stock, sequential, type LayersModel } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { decode, encode } from '../src/exchange/safetensors/format.ts'
import { fromSafetensors, toSafetensors } from '../src/exchange/safetensors/index.ts'
import { layers, NormlabError } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { fill, inputsOf } from './kerasModels.ts'

await useCpu()

/** The modules of make_safetensors.py, by their names; channels are last here. */
const models: Record<string, () => LayersModel> = {
  mlp: () =>
    sequential({
      layers: [
        stock.dense({ name: 'first', units: 6, inputShape: [5] }),
        layers.batchNormalization({ name: 'bn', epsilon: 1e-3 }),
        stock.reLU(),
        stock.dense({ name: 'second', units: 8, useBias: false }),
        layers.layerNormalization({ name: 'ln', epsilon: 1e-5 }),
        stock.dense({ name: 'third', units: 4 }),
        layers.rmsNormalization({ name: 'rms', epsilon: 1e-6 }),
      ],
    }),
  convnet: () =>
    sequential({
      layers: [
        stock.conv2d({ name: 'conv', filters: 4, kernelSize: [3, 2], inputShape: [7, 6, 3] }),
        stock.batchNormalization({ name: 'bn', epsilon: 1e-5 }),
        stock.depthwiseConv2d({ name: 'depth', kernelSize: 2, depthMultiplier: 2, useBias: false }),
        layers.groupNormalization({ name: 'gn', groups: 2, epsilon: 1e-5 }),
        stock.conv2dTranspose({ name: 'up', filters: 5, kernelSize: 3, strides: 2 }),
        layers.instanceNormalization({ name: 'inorm', epsilon: 1e-5 }),
        stock.separableConv2d({ name: 'separable', filters: 3, kernelSize: 2, depthMultiplier: 2 }),
        stock.reLU(),
        stock.flatten(),
        stock.dense({ name: 'head', units: 2 }),
      ],
    }),
  volume: () =>
    sequential({
      layers: [
        stock.conv3d({ name: 'conv', filters: 3, kernelSize: 2, inputShape: [4, 3, 4, 2] }),
        layers.batchNormalization({ name: 'bn', epsilon: 1e-5 }),
        stock.conv3dTranspose({ name: 'up', filters: 2, kernelSize: 2, strides: 2 } as never),
      ],
    }),
}
const folder = join(import.meta.dirname, '../../../tools/oracle/golden/safetensors')
const bytesOf = (name: string) => new Uint8Array(readFileSync(join(folder, `${name}.safetensors`)))
interface Values {
  shape: number[]
  data: number[]
}
const caseOf = (name: string) =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as { input: Values; output: Values }
/** Channels from the first axis after the batch to the last, or back. */
const channelsLast = (x: tf.Tensor) =>
  x.rank < 3 ? x : tf.transpose(x, [0, ...x.shape.slice(2).map((_, i) => i + 2), 1])
const channelsFirst = (x: tf.Tensor) =>
  x.rank < 3 ? x : tf.transpose(x, [0, x.rank - 1, ...x.shape.slice(2).map((_, i) => i + 1)])

describe.each(Object.keys(models))('%s of PyTorch', (name) => {
  test('the same output', () => {
    const model = models[name]()
    fromSafetensors(model, bytesOf(name))
    const { input, output } = caseOf(name)
    const y = channelsFirst(model.predict(channelsLast(tf.tensor(input.data, input.shape))) as tf.Tensor)
    expect(y.shape).toEqual(output.shape)
    expect(greatestError(y.dataSync() as Float32Array, Float64Array.from(output.data))).toBeLessThan(1e-5)
  })

  test('written again: names, shapes and values of its own file, bit for bit', async () => {
    const model = models[name]()
    fromSafetensors(model, bytesOf(name))
    const [want, got] = [decode(bytesOf(name)), decode(await toSafetensors(model))]
    expect([...got.keys()].toSorted()).toEqual([...want.keys()].toSorted())
    for (const [key, { shape, data }] of got) {
      expect(shape, key).toEqual(want.get(key)!.shape)
      expect(data, key).toEqual(/num_batches/.test(key) ? BigInt64Array.of(0n) : want.get(key)!.data)
    }
  })
})

test('one axis, in a nested model, of names of their own', () => {
  const inner = sequential({
    name: 'inner',
    layers: [
      layers.groupNormalization({ name: 'gn', groups: 3, epsilon: 1e-5, inputShape: [12, 3] }),
      stock.conv1d({ name: 'conv', filters: 2, kernelSize: 2 }),
    ],
  })
  const model = sequential({
    layers: [
      stock.conv1d({ name: 'begin', filters: 4, kernelSize: 3, inputShape: [8, 3] }),
      layers.batchNormalization({ name: 'bn', epsilon: 1e-5 }),
      stock.reshape({ targetShape: [6, 1, 4] }),
      stock.conv2dTranspose({ name: 'up', filters: 3, kernelSize: [2, 1], strides: [2, 1] }),
      stock.reshape({ targetShape: [12, 3] }),
      inner,
    ],
  })
  const file = decode(bytesOf('sequence'))
  // A transposed convolution over one axis is one over two, the second of size 1.
  const up = file.get('up.weight')!
  const given = encode(new Map([...file, ['up.weight', { ...up, shape: [...up.shape, 1] }]]))
  fromSafetensors(model, given, { rename: (name) => name.replace(/^begin/, 'conv') })
  const { input, output } = caseOf('sequence')
  const y = channelsFirst(model.predict(channelsLast(tf.tensor(input.data, input.shape))) as tf.Tensor)
  expect(greatestError(y.dataSync() as Float32Array, Float64Array.from(output.data))).toBeLessThan(1e-5)
})

test('any layer through a file: difference 0', async () => {
  const make = () =>
    sequential({
      layers: [
        stock.embedding({ name: 'tokens', inputDim: 12, outputDim: 4, inputShape: [5] }),
        stock.lstm({ name: 'lstm', units: 3, returnSequences: true, recurrentInitializer: 'zeros' }),
        layers.seeDNormalization({ name: 'own' }),
        stock.prelu({ name: 'prelu' } as never),
        stock.flatten(),
        stock.dense({ name: 'end', units: 2 }),
      ],
    })
  const [one, two] = [fill(make()), make()]
  const bytes = await toSafetensors(one)
  fromSafetensors(two, bytes)
  const x = inputsOf(one)[0]
  expect((two.predict(x) as tf.Tensor).dataSync()).toEqual((one.predict(x) as tf.Tensor).dataSync())
  expect([...decode(bytes).keys()].toSorted()).toContain('lstm.recurrent_kernel')
  const { numTensors } = tf.memory()
  fromSafetensors(two, await toSafetensors(one))
  expect(tf.memory().numTensors).toBe(numTensors)
})

test('reorderFlattened: false takes the inputs as they are', async () => {
  const model = models.convnet()
  fromSafetensors(model, bytesOf('convnet'))
  const weight = decode(await toSafetensors(model, { reorderFlattened: false })).get('head.weight')!
  const kernel = model.getLayer('head').getWeights()[0]
  expect(weight.data).toEqual(tf.transpose(kernel).dataSync())
})

test('16-bit and 64-bit files are read', () => {
  const model = sequential({ layers: [layers.rmsNormalization({ name: 'n', inputShape: [2] })] })
  const file = (dtype: string, values: Uint8Array) => {
    const header = new TextEncoder().encode(
      JSON.stringify({ 'n.weight': { dtype, shape: [2], data_offsets: [0, values.length] } }),
    )
    const bytes = new Uint8Array(8 + header.length + values.length)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true)
    bytes.set(header, 8)
    bytes.set(values, 8 + header.length)
    return bytes
  }
  const cases: [string, ArrayBufferView][] = [
    ['F64', Float64Array.of(1.5, -2)],
    ['F16', Uint16Array.of(0x3e00, 0xc000)],
    ['BF16', Uint16Array.of(0x3fc0, 0xc000)],
  ]
  for (const [dtype, values] of cases) {
    fromSafetensors(model, file(dtype, new Uint8Array(values.buffer)))
    expect(Array.from(model.getWeights()[0].dataSync()), dtype).toEqual([1.5, -2])
  }
})

describe('refuses, and leaves the model as it was', () => {
  const small = () => sequential({ layers: [stock.dense({ name: 'd', units: 2, inputShape: [3] })] })
  const weights = (names: Record<string, number[]>) =>
    encode(
      new Map(
        Object.entries(names).map(([name, shape]) => [
          name,
          { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) },
        ]),
      ),
    )
  const refusals: [string, (model: LayersModel) => unknown, string, RegExp][] = [
    ['what is no such file', (m) => fromSafetensors(m, new Uint8Array(20).fill(9)), 'bytes', /header says/],
    ['a missing weight', (m) => fromSafetensors(m, weights({ 'd.weight': [2, 3] })), 'bytes', /no d.bias/],
    [
      'another weight',
      (m) => fromSafetensors(m, weights({ 'd.weight': [2, 3], 'd.bias': [2], x: [1] })),
      'bytes',
      /x, which the model has not/,
    ],
    [
      'the layout of here',
      (m) => fromSafetensors(m, weights({ 'd.weight': [3, 2], 'd.bias': [2] })),
      'bytes',
      /shape \[3,2\]. The model's is \[2,3\]/,
    ],
    ['what is no model', () => fromSafetensors({} as never, weights({})), 'model', /layers/],
  ]
  test.each(refusals)('%s', (_, task, argument, message) => {
    const model = small()
    const before = model.getWeights().map((weight) => Array.from(weight.dataSync()))
    expect(() => task(model)).toThrow(
      expect.objectContaining({ argument, message: expect.stringMatching(message) }),
    )
    expect(model.getWeights().map((weight) => Array.from(weight.dataSync()))).toEqual(before)
  })
  test('but for strict: false', () => {
    const model = small()
    fromSafetensors(model, weights({ 'd.bias': [2], x: [1] }), { strict: false })
    expect(
      model
        .getWeights()[0]
        .dataSync()
        .some((value) => value !== 0),
    ).toBe(true)
  })
  test('two weights of one name', async () => {
    await expect(toSafetensors(small(), { rename: () => 'w' })).rejects.toThrow(NormlabError)
  })
})
