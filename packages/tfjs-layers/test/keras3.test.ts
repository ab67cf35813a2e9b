/** Models that Keras 3 wrote as JSON, with its weights and its answers: tools/oracle/from_keras_json.py. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import {
  layers as stock,
  loadLayersModel,
  models,
  type LayersModel,
  type layers,
} from '@tensorflow/tfjs-layers'
import { afterAll, describe, expect, test } from 'vitest'
import { install, kerasTopology, restore } from '../src/dropIn.ts'
import { NormLayer } from '../src/index.ts'
import { KerasSpectralNormalization } from '../src/kerasSpectral.ts'
import { useCpu } from './cpu.ts'
import { errorOf } from './fixtures.ts'

await useCpu()
afterAll(restore)

interface Values {
  shape: number[]
  data: number[]
}
interface KerasCase {
  name: string
  model: { config: { layers: { name: string }[] } }
  weights: Record<string, Values[]>
  inputs: Values[]
  output: Values
  renorm?: { x: Values; y: Values; after: Values[] }
  spectral?: { x: Values; before: Values[]; y: Values; after: Values[] }
}
const path = join(import.meta.dirname, '../../../tools/oracle/golden/models/keras_json.json')
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: KerasCase[] }

const tensor = ({ data, shape }: Values) => tf.tensor(data, shape)
const wanted = ({ data, shape }: Values) => ({ data: Float64Array.from(data), shape })
/** Half of a `mixed_float16` model's digits are gone in Keras; ours computes in float32. */
const toleranceOf = (name: string) => (name === 'mixed' ? 3e-3 : 1e-5)

const allLayers = (model: LayersModel): layers.Layer[] =>
  model.layers.flatMap((layer) => ('layers' in layer ? allLayers(layer as LayersModel) : [layer]))

function setWeights(model: LayersModel, weights: KerasCase['weights']): void {
  const found = allLayers(model)
  for (const [name, values] of Object.entries(weights)) {
    const layer = found.find((one) => one.name === name)
    expect(layer, name).toBeDefined()
    layer!.setWeights(values.map(tensor))
  }
}

const ways: Record<string, (json: KerasCase['model']) => Promise<LayersModel>> = {
  'tf.models.modelFromJSON': (json) => models.modelFromJSON(json as never),
  'tf.loadLayersModel': (json) => loadLayersModel({ load: async () => ({ modelTopology: json as object }) }),
  kerasTopology: (json) => models.modelFromJSON(kerasTopology(JSON.stringify(json)) as never),
}

describe.each(Object.entries(ways))('%s', (_, load) => {
  test.each(cases)('$name answers as in Keras', async ({ name, model: json, weights, inputs, output }) => {
    install()
    const model = await load(structuredClone(json))
    setWeights(model, weights)
    const x = inputs.map(tensor)
    const y = model.predict(x.length > 1 ? x : x[0]) as tf.Tensor
    expect(errorOf(y, wanted(output))).toBeLessThanOrEqual(toleranceOf(name))
    const again = await models.modelFromJSON(model.toJSON(null, false) as never)
    again.setWeights(model.getWeights())
    expect(Array.from((again.predict(x.length > 1 ? x : x[0]) as tf.Tensor).dataSync())).toEqual(
      Array.from(y.dataSync()),
    )
  })
})

test.each(cases)('$name does not load in stock tfjs', async ({ model: json }) => {
  restore()
  await expect(models.modelFromJSON(structuredClone(json) as never)).rejects.toThrow(
    /InputLayer|input|Unknown/,
  )
})

test('renorm: a training step as in Keras', async () => {
  install()
  const { model: json, weights, renorm } = cases.find((one) => one.renorm)!
  const name = 'batch_normalization'
  const model = await models.modelFromJSON(structuredClone(json) as never)
  const layer = new (model.getLayer(name).constructor as new (config: object) => NormLayer)(
    model.getLayer(name).getConfig(),
  )
  layer.build([null, 4])
  layer.setWeights(weights[name].map(tensor))
  const y = layer.apply(tensor(renorm!.x), { training: true }) as tf.Tensor
  expect(errorOf(y, wanted(renorm!.y))).toBeLessThanOrEqual(1e-5)
  layer
    .getWeights()
    .forEach((weight, i) => expect(errorOf(weight, wanted(renorm!.after[i]))).toBeLessThanOrEqual(1e-5))
})

test('spectral normalization: a training step as in Keras', () => {
  const { x, before, y, after } = cases.find((one) => one.spectral)!.spectral!
  const layer = new KerasSpectralNormalization({
    layer: stock.conv2d({ filters: 3, kernelSize: 2 }),
    powerIterations: 2,
  })
  layer.build(x.shape)
  layer.setWeights(before.map(tensor))
  expect(errorOf(layer.apply(tensor(x), { training: true }) as tf.Tensor, wanted(y))).toBeLessThanOrEqual(
    1e-5,
  )
  layer
    .getWeights()
    .forEach((weight, i) => expect(errorOf(weight, wanted(after[i]))).toBeLessThanOrEqual(1e-5))
})

test('layers whose names tfjs cannot tell apart are refused, and kerasTopology tells them apart', async () => {
  install()
  const json = structuredClone(cases[2].model)
  const text = JSON.stringify(json).replaceAll('shared_1', 'block_2').replaceAll('inner_f', 'block2')
  await expect(models.modelFromJSON(JSON.parse(text))).rejects.toThrow(/"block2" and "block_2" apart/)
  const model = await models.modelFromJSON(kerasTopology(text) as never)
  expect(model.layers.map((layer) => layer.name)).toEqual(expect.arrayContaining(['block_2', 'block2']))
})

test.each([
  ['a convolution in groups', 'Conv2D', { filters: 4, kernel_size: [1, 1], groups: 2 }, /"norm" has groups/],
  ['pooling that keeps axes', 'GlobalAveragePooling2D', { keepdims: true }, /keepdims/],
  ['another hard sigmoid', 'Activation', { activation: 'hard_sigmoid' }, /hard_sigmoid/],
  ['two bounds at once', 'ReLU', { negative_slope: 0.1, threshold: 1 }, /slope/],
])('%s is refused: tfjs would compute something else', async (_, class_name, config, message) => {
  install()
  const layer = { module: 'keras.layers', class_name, config: { name: 'norm', ...config } }
  const start = { module: 'keras.layers', class_name: 'InputLayer', config: { batch_shape: [null, 4, 4, 4] } }
  const json = { module: 'keras', class_name: 'Sequential', config: { layers: [start, layer] } }
  await expect(models.modelFromJSON(structuredClone(json) as never)).rejects.toThrow(message)
  expect(() => kerasTopology(json)).toThrow(message)
})

test.each([
  ['{"a":1}', /json.*Functional or Sequential/],
  ['[]', /json/],
])('%s is no model', (text, message) => {
  expect(() => kerasTopology(text)).toThrow(message)
})
