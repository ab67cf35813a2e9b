/** Every layer that this package gives, saved and loaded: difference 0. */
import type { AnyNorm } from '@normlab/core'
import { variants } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import {
  input,
  layers as stock,
  model as makeModel,
  models,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { fromKeras, GRU, toKeras } from '../src/exchange/keras/index.ts'
import { fromSafetensors, toSafetensors } from '../src/exchange/safetensors/index.ts'
import { layerClasses } from '../src/index.ts'
import { layerName } from '../src/names.ts'
import { useCpu } from './cpu.ts'
import { layered, random, toTf } from './fixtures.ts'
import { fill } from './kerasModels.ts'
import { make, randomInputs, small } from './making.ts'
import { throughJson } from './throughJson.ts'

await useCpu()

const SHAPE = [2, 4, 6]
type Layer = stock.Layer

const graph = (layer: Layer, others: readonly (readonly number[])[] = []): LayersModel => {
  const inputs = [SHAPE, ...others].map((shape) => input({ shape: shape.slice(1) }))
  const outputs = layer.apply(inputs.length > 1 ? inputs : inputs[0]) as SymbolicTensor
  return fill(makeModel({ inputs, outputs }))
}
const given: [string, () => LayersModel][] = [
  ...layered.map((record): [string, () => LayersModel] => [
    record.name,
    () =>
      graph(
        make(record, { ...small(record, 2), ...(record.kind === 'noise' ? { seed: 3 } : {}) }) as Layer,
        Object.values(randomInputs(record as AnyNorm, SHAPE, {}, 1)).map(({ shape }) => shape),
      ),
  ]),
  ...(variants as unknown as { name: string; kind: string }[])
    .filter(({ name }) => !layered.some((record) => record.name === name))
    .map(({ name, kind }): [string, () => LayersModel] => [
      `${name} around a layer`,
      () => {
        const layer = stock.dense({ units: 3 })
        return graph(
          new layerClasses[layerName(name)]({
            layer,
            ...(kind === 'noise' ? { seed: 3 } : {}),
          }) as unknown as Layer,
        )
      },
    ]),
  ['GRU', () => graph(new GRU({ units: 3, recurrentInitializer: 'zeros' }) as unknown as Layer)],
]

const ways: Record<string, (model: LayersModel) => Promise<LayersModel>> = {
  'tf.io handlers': throughJson,
  async 'model JSON, and its weights'(model) {
    const again = await models.modelFromJSON(JSON.parse(model.toJSON() as unknown as string))
    again.setWeights(model.getWeights())
    return again
  },
  '.keras': async (model) => fromKeras(await toKeras(model, { onWarning: () => {} })),
  async safetensors(model) {
    const again = await models.modelFromJSON(JSON.parse(model.toJSON() as unknown as string))
    fromSafetensors(again, await toSafetensors(model))
    return again
  },
}

test.each(given)('%s', async (_, build) => {
  const model = build()
  const x = model.inputs.map(({ shape }, i) => toTf(random([2, ...(shape.slice(1) as number[])], i + 1)))
  const run = (one: LayersModel) => Array.from((one.predict(x.length > 1 ? x : x[0]) as tf.Tensor).dataSync())
  const want = run(model)
  for (const [way, go] of Object.entries(ways)) expect(run(await go(model)), way).toEqual(want)
})
