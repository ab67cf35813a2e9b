/** Every layer in a model: trained, saved, loaded, and without a tensor left behind. */
import type { AnyNorm, Noise } from '@normlab/core'
import { greatestError } from '@normlab/core/testing'
import * as tf from '@tensorflow/tfjs-core'
import {
  input,
  layers as stock,
  loadLayersModel,
  model as makeModel,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { layerName } from '../src/names.ts'
import { layered, random, toTf } from './fixtures.ts'
import type { Extent } from './layouts.ts'
import { make, randomInputs, small, type Made } from './making.ts'

const HIDDEN = [3, 4]
const seeded = (seed: number) => ({ className: 'GlorotUniform', config: { seed } }) as never

/** 4 numbers -> [3, 4] -> the layer -> 1 number. Parameters that are inputs are made from the 4 numbers too. */
function network(record: AnyNorm | Noise): LayersModel {
  const config = {
    ...small(record, 2),
    ...('rate' in record.options ? { rate: 0.2 } : {}),
    ...(record.kind === 'noise' ? { seed: 3 } : {}),
  }
  const given = input({ shape: [4] })
  const made = (shape: number[], seed: number, activation?: 'tanh') => {
    const units = shape.reduce((a, b) => a * b, 1)
    const wide = stock.dense({ units, activation, kernelInitializer: seeded(seed) }).apply(given)
    return stock.reshape({ targetShape: shape }).apply(wide) as SymbolicTensor
  }
  const others = Object.values(randomInputs(record, [2, ...HIDDEN], {}, 1)).map(({ shape }, i) =>
    made(shape.slice(1), 10 + i),
  )
  const hidden = made(HIDDEN, 1, 'tanh')
  const out = make(record, config).apply(others.length ? [hidden, ...others] : hidden)
  const flat = stock.flatten().apply(out)
  const one = stock.dense({ units: 1, kernelInitializer: seeded(2) }).apply(flat) as SymbolicTensor
  const model = makeModel({ inputs: given, outputs: one })
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' })
  ;(model.optimizer as unknown as { learningRate: number }).learningRate = 0.01
  return model
}

const layerOf = (model: LayersModel, record: { name: string }): Made =>
  model.layers.find(
    (layer) => layer.getClassName() === `normlab>${layerName(record.name)}`,
  ) as unknown as Made

async function roundTrip(model: LayersModel): Promise<LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined
  await model.save(
    tf.io.withSaveHandler(async (given) => {
      artifacts = given
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
    }),
  )
  const modelTopology = JSON.parse(JSON.stringify(artifacts!.modelTopology))
  return loadLayersModel(tf.io.fromMemory({ ...artifacts!, modelTopology }))
}

const hiddenOf = (record: AnyNorm | Noise) => {
  const shape = [8, ...HIDDEN]
  const all = [random(shape, 7), ...Object.values(randomInputs(record, shape, {}, 8))].map(toTf)
  return all.length > 1 ? all : all[0]
}

export function modelSuite(extent: (record: AnyNorm | Noise) => Extent): void {
  const some = layered.filter((record) => extent(record).steps > 0)
  describe.each(some.map((record) => [record.name, record] as const))('%s in a model', (_, record) => {
    const { steps } = extent(record)

    test('fit trains it, saved and loaded it gives the same', async () => {
      const x = random([64, 4], 5)
      const target = x.data.filter((_v, i) => i % 4 === 0).map((value) => Math.sin(value) + 0.5)
      const [inputs, targets] = [toTf(x), toTf({ data: target, shape: [64, 1] })]
      const model = network(record)
      const { history } = await model.fit(inputs, targets, {
        epochs: 12,
        batchSize: 16,
        verbose: 0,
        shuffle: false,
      })
      const losses = history.loss as number[]
      expect(losses.every(Number.isFinite)).toBe(true)
      expect(losses.at(-1)!).toBeLessThan(losses[0] * 0.6)
      const loaded = await roundTrip(model)
      expect(layerOf(loaded, record).getConfig()).toEqual(layerOf(model, record).getConfig())
      const [before, after] = [model, loaded].map((one) => (one.predict(inputs) as tf.Tensor).dataSync())
      // On webgl what is small and fresh from a file is computed in JavaScript, and rounds otherwise.
      const tolerance = tf.getBackend() === 'webgl' ? 1e-6 : 0
      expect(greatestError(after as Float32Array, before as Float32Array)).toBeLessThanOrEqual(tolerance)
      expect(loaded.weights.map((weight) => Array.from(weight.read().dataSync()))).toEqual(
        model.weights.map((weight) => Array.from(weight.read().dataSync())),
      )
    })

    test(`${steps} training steps leave no tensor behind, nor do training calls`, async () => {
      const [inputs, targets] = [toTf(random([8, 4], 5)), toTf(random([8, 1], 6))]
      const model = network(record)
      const layer = layerOf(model, record)
      const hidden = hiddenOf(record)
      const step = async () => {
        await model.trainOnBatch(inputs, targets)
        tf.dispose(layer.apply(hidden, { training: true }) as tf.Tensor)
        tf.dispose(layer.apply(hidden) as tf.Tensor)
      }
      await step()
      const { numTensors, numBytes } = tf.memory()
      for (let i = 0; i < steps; i++) await step()
      expect(tf.memory().numTensors).toBe(numTensors)
      expect(tf.memory().numBytes).toBe(numBytes)
    })

    test('the same call gives the same, and inference does not draw', () => {
      const hidden = hiddenOf(record)
      const twice = [0, 1].map(() => {
        const layer = layerOf(network(record), record)
        return [layer.apply(hidden, { training: true }), layer.apply(hidden)].map((y) =>
          Array.from((y as tf.Tensor).dataSync()),
        )
      })
      expect(twice[0]).toEqual(twice[1])
    })
  })
}
