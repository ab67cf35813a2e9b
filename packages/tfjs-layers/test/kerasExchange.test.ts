/** Files that are written for Keras, and read again. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AnyNorm } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
// As the umbrella package has them: the stock orthogonal initializer chains.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js'
import {
  input,
  layers as stock,
  model as makeModel,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { describe, expect, test, vi } from 'vitest'
import { readArchive, writeArchive } from '../src/exchange/archive.ts'
import { bfloat16, float16 } from '../src/exchange/halves.ts'
import { snakeClass } from '../src/exchange/json.ts'
import { fromKeras, toKeras } from '../src/exchange/keras/index.ts'
import { layers, NormlabError } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { layered, random, toTf } from './fixtures.ts'
import { contentHash } from './kerasContent.ts'
import { fill, inputsOf, kerasModels } from './kerasModels.ts'
import { make, randomInputs, randomWeights, small } from './making.ts'
import { throughJson } from './throughJson.ts'

await useCpu()

const golden = join(import.meta.dirname, '../../../tools/oracle/golden')
const { hashes } = JSON.parse(readFileSync(join(golden, 'models/keras_written.json'), 'utf8')) as {
  hashes: Record<string, string>
}
const values = (model: LayersModel, x: tf.Tensor[]) =>
  [model.predict(x.length > 1 ? x : x[0]) as tf.Tensor | tf.Tensor[]]
    .flat()
    .map((y) => Array.from(y.dataSync()))

test.each(Object.keys(kerasModels))(
  '%s: what Keras opened is what is written now, and reads back',
  async (name) => {
    const model = fill(kerasModels[name]())
    const bytes = await toKeras(model)
    expect(
      await contentHash(bytes),
      'Run tools/oracle/check_keras.py: it opens the files in real Keras',
    ).toBe(hashes[name])
    const x = inputsOf(model)
    const again = await fromKeras(bytes)
    const [want, got] = [values(model, x), values(again, x)]
    got.forEach((y, i) => y.forEach((value, j) => expect(Math.abs(value - want[i][j])).toBeLessThan(2e-6)))
  },
)

/** Their unmasked layers come after masked ones: a model that tfjs loads hands these the stale mask. See staleMasks.ts. */
const stale = ['again_autoencoder', 'again_masked_text']
const golds = Object.keys(hashes).filter((name) => name.startsWith('again_'))
test.each(golds)(
  '%s: a file of Keras, read and written again, is one that Keras opened; through model JSON difference 0',
  async (name) => {
    const given = new Uint8Array(
      readFileSync(join(golden, 'keras_files', `${name.slice('again_'.length)}.keras`)),
    )
    const model = await fromKeras(given, { onWarning: () => {} })
    expect(await contentHash(await toKeras(model))).toBe(hashes[name])
    const x = inputsOf(model)
    if (stale.includes(name)) return
    expect(values(await throughJson(model), x)).toEqual(values(model, x))
  },
)

/** Layers of a record that Keras does not have, and of those that it has, through a `.keras` file. */
test.each(layered.map((record) => [record.name, record] as const))(
  '%s: written and read, difference 0',
  async (_, record) => {
    const shape = [2, 3, 4]
    const layer = make(record, { ...small(record, 2), ...(record.kind === 'noise' ? { seed: 3 } : {}) })
    const others = Object.values(randomInputs(record as AnyNorm, shape, {}, 1))
    const inputs = [shape, ...others.map((each) => each.shape)].map((size) => input({ shape: size.slice(1) }))
    const y = layer.apply(inputs.length > 1 ? inputs : inputs[0]) as SymbolicTensor
    const model = makeModel({ inputs, outputs: y })
    randomWeights(layer, 5)
    const warnings: string[] = []
    const bytes = await toKeras(model, { onWarning: (message) => warnings.push(message) })
    const again = await fromKeras(bytes)
    const x = [random(shape, 1), ...others].map(toTf)
    expect(values(again, x)).toEqual(values(model, x))
    // InstanceNormalization comes back as GroupNormalization(groups: -1).
    const same = record.name === 'InstanceNorm' ? 'normlab>GroupNormalization' : layer.getClassName()
    expect(again.layers.map((each) => each.getClassName())).toContain(same)
    const { config } = await readArchive(bytes)
    const [written] = (
      config.config.layers as { registered_name: string | null; module: string | null }[]
    ).slice(-1)
    expect(written.registered_name === null ? written.module : written.registered_name).toBe(
      warnings.length ? layer.getClassName() : 'keras.layers',
    )
  },
)

test("Keras has our layers of its own names, and is told of the others' by warning", async () => {
  const onWarning = vi.fn<(message: string) => void>()
  const model = sequential({ layers: [stock.dense({ units: 4, inputShape: [4] }), layers.dynamicTanh()] })
  await toKeras(model, { onWarning })
  expect(onWarning.mock.calls.flat()).toEqual([
    expect.stringMatching(/normlab>DynamicTanh, which Keras has not/),
  ])
})

test('names of Keras: snake case, as its own function gives', () => {
  const names = {
    Conv2D: 'conv2d',
    LeakyReLU: 'leaky_re_lu',
    LSTM: 'lstm',
    GlobalAveragePooling1D: 'global_average_pooling1d',
    RMSNormalization: 'rms_normalization',
    DyT: 'dy_t',
  }
  for (const [name, want] of Object.entries(names)) expect(snakeClass(name)).toBe(want)
})

test('16-bit floats: subnormal, infinite and signed ones', () => {
  const bytes = (list: number[]) => new Uint8Array(Uint16Array.from(list).buffer)
  expect(Array.from(float16(bytes([0x3c00, 0xc000, 0x0001, 0x7c00, 0x3555, 0x8000])))).toEqual([
    1,
    -2,
    2 ** -24,
    Infinity,
    Math.fround(0.333251953125),
    -0,
  ])
  expect(float16(bytes([0x7e00]))[0]).toBeNaN()
  expect(Array.from(bfloat16(bytes([0x3f80, 0xc000, 0x7f80])))).toEqual([1, -2, Infinity])
})

describe('leaves no tensor behind', () => {
  test('writing none at all, reading none but the weights', async () => {
    const model = fill(kerasModels.norms())
    const bytes = await toKeras(model)
    const { numTensors } = tf.memory()
    await toKeras(model)
    expect(tf.memory().numTensors).toBe(numTensors)
    const again = await fromKeras(bytes)
    expect(tf.memory().numTensors - numTensors).toBe(again.weights.length)
  })
})

describe('refuses', () => {
  const file = async () => readArchive(await toKeras(fill(kerasModels.sequentialOfModels())))
  const changed = async (change: (archive: Awaited<ReturnType<typeof file>>) => object) => {
    const archive = await file()
    return fromKeras(await writeArchive({ ...archive, ...change(archive) }))
  }
  const withLayer = (object: object) =>
    changed(({ config }) => ({
      config: {
        ...config,
        config: { ...config.config, layers: [...(config.config.layers as object[]), object] },
      },
    }))
  const layer = (class_name: string, config: object) =>
    withLayer({
      module: 'keras.layers',
      class_name,
      config: { name: 'it', ...config },
      registered_name: null,
    })
  const refusals: [string, () => Promise<unknown>, string, RegExp][] = [
    ['what is no archive', () => fromKeras(new Uint8Array([1, 2, 3])), 'bytes', /no zip archive/],
    ['a path', () => fromKeras('model.keras' as never), 'bytes', /model.keras.*Uint8Array/],
    [
      'a layer of an unknown class',
      () => layer('Lambda', {}),
      'config',
      /"it" is of class Lambda.*Known are Activation/,
    ],
    [
      'an unknown activation',
      () => layer('Activation', { activation: 'glu' }),
      'it.activation',
      /glu.*hard_sigmoid/,
    ],
    ['grouped convolutions', () => layer('Conv3D', { groups: 2 }), 'it.groups', /2/],
    [
      'missing weights',
      () => changed(() => ({ variables: new Map() })),
      'bytes',
      /no layers\/sequential\/layers\/dense\/vars\/0/,
    ],
    [
      'weights of another shape',
      () =>
        changed(({ variables }) => ({
          variables: new Map(
            [...variables].map(([key, value]) => [key, { ...value, shape: [1, ...value.shape] }]),
          ),
        })),
      'bytes',
      /shape \[1,4,5\].*wants \[4,5\]/,
    ],
    ['a model without layers', () => toKeras(sequential()), 'model', /has layers/],
    [
      "a candidate's hard sigmoid",
      () =>
        toKeras(
          sequential({
            layers: [
              stock.lstm({
                units: 2,
                inputShape: [3, 2],
                activation: 'hardSigmoid',
                recurrentInitializer: 'zeros',
              }),
            ],
          }),
        ),
      'lstm_cell.*activation',
      /recurrentActivation/,
    ],
  ]
  test.each(refusals)('%s', async (_, task, argument, message) => {
    const error = await task().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NormlabError)
    expect((error as NormlabError).argument).toMatch(new RegExp(`^${argument}$`))
    expect((error as NormlabError).message).toMatch(message)
  })

  test('to work without its peers, and says how to install them', async () => {
    vi.resetModules()
    vi.doMock('fflate', () => {
      throw new Error("Cannot find package 'fflate'")
    })
    const { loadZip } = await import('../src/exchange/peers.ts')
    await expect(loadZip()).rejects.toThrow(/fflate.*npm install h5wasm fflate/s)
    vi.doUnmock('fflate')
  })
})
