/** What every record of core gets as a layer, checked for each of them on one backend. */
import type { AnyNorm } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { layers as stock, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { factoryName, layerName } from '../src/names.ts'
import { layers, NormlabError, type NormLayer } from '../src/index.ts'
import {
  configOf,
  configToCore,
  errorOf,
  layered,
  make,
  norms,
  pull,
  random,
  randomWeights,
  small,
  stateOf,
  toTf,
  TOLERANCE,
  type Layout,
} from './fixtures.ts'
import { maskSuite, runningSuite } from './runningSuite.ts'

function planIfFits(record: AnyNorm, { shape, axis }: Layout, values: object): boolean {
  try {
    return record.plan(shape, { ...values, axis }).size > 0
  } catch (error) {
    if (error instanceof NormlabError) return false
    throw error
  }
}

async function roundTrip(model: ReturnType<typeof sequential>) {
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

interface Extent {
  readonly layouts: readonly Layout[]
  /** Training steps of the leak test. */
  readonly steps?: number
  /** Cases of each record. */
  readonly cases?: number
}

export function recordSuite({ layouts, steps = 200, cases = Infinity }: Extent): void {
  test('every record of core has a layer', () => {
    expect(Object.keys(layers).toSorted()).toEqual(
      layered.map((record) => factoryName(layerName(record.name))).toSorted(),
    )
    for (const name of ['batch', 'layer', 'group', 'instance', 'rms'])
      expect(Object.keys(layers)).toContain(`${name}Normalization`)
  })

  describe.each(norms.map((record) => [record.name, record] as const))('%s', (_, record) => {
    const fitting = layouts.flatMap((layout) =>
      record.cases
        .slice(0, cases)
        .filter((values) => planIfFits(record, layout, values))
        .map((values) => ({ ...layout, values, name: `${layout.name} ${JSON.stringify(values)}` })),
    )
    test('fits most layouts', () => expect(fitting.length).toBeGreaterThanOrEqual(layouts.length - 2))

    test.each(fitting)(
      'forward and gradients equal the float64 reference: $name',
      ({ shape, axis, values }) => {
        const x = random(shape, 1, 2, 0.5)
        const dy = random(shape, 2)
        const options = { ...record.options, ...values, axis }
        const layer = make(record, configOf(options))
        layer.build([...shape])
        const weights = randomWeights(layer as NormLayer, 10)
        const given = Object.fromEntries(Object.keys(record.params).map((name) => [name, weights[name]]))
        const state = stateOf(record, weights)
        const { y, saved } = record.forward(x, given, { ...options, ...(state && { state }) })
        const want = record.backward(dy, saved)
        const got = pull(layer, x, dy)
        expect(errorOf(got.y, y), 'y').toBeLessThanOrEqual(TOLERANCE)
        expect(errorOf(got.dx, want.dx), 'dx').toBeLessThanOrEqual(TOLERANCE)
        for (const name of Object.keys(given))
          expect(errorOf(got.byName[name], want[`d${name}`]), `d${name}`).toBeLessThanOrEqual(TOLERANCE)
      },
    )

    const flagged = [
      { center: false, scale: true },
      { center: true, scale: false },
      { center: false, scale: false },
    ].map((flags) =>
      Object.fromEntries(
        Object.entries(flags).filter(([flag]) => (flag === 'scale' ? 'gamma' : 'beta') in record.params),
      ),
    )
    test.each(flagged)('trains with %o', (flags) => {
      const x = random([3, 4, 12], 3)
      const dy = random([3, 4, 12], 4)
      const layer = make(record, { ...small(record), ...flags })
      layer.build([...x.shape])
      const got = pull(layer, x, dy)
      const options = { ...configToCore(layer as NormLayer), axis: -1 }
      const off = Object.entries(flags)
        .filter(([, on]) => !on)
        .map(([flag]) => (flag === 'scale' ? 'gamma' : 'beta'))
      expect(Object.keys(got.byName)).toEqual(
        Object.keys(record.params).filter((name) => !(off as string[]).includes(name)),
      )
      const { y, saved } = record.forward(x, {}, options)
      expect(errorOf(got.y, y), 'y').toBeLessThanOrEqual(TOLERANCE)
      expect(errorOf(got.dx, record.backward(dy, saved).dx), 'dx').toBeLessThanOrEqual(TOLERANCE)
    })
  })

  describe.each(norms.filter(({ running }) => running).map((record) => [record.name, record] as const))(
    '%s: moving statistics',
    (_, record) => {
      runningSuite(record)
    },
  )
  describe.each(norms.filter(({ weights }) => weights).map((record) => [record.name, record] as const))(
    '%s: masks',
    (_, record) => {
      maskSuite(record)
    },
  )

  describe.each(layered.map((record) => [record.name, record] as const))('%s in a model', (_, record) => {
    const network = () => {
      const model = sequential()
      model.add(
        stock.dense({ units: 12, inputShape: [4], activation: 'tanh', kernelInitializer: stockSeed(1) }),
      )
      model.add(stock.reshape({ targetShape: [3, 4] }))
      model.add(
        make(
          record,
          record.name.startsWith('Group')
            ? { groups: 2 }
            : record.kind === 'noise'
              ? { rate: 0.2, seed: 3 }
              : {},
        ),
      )
      model.add(stock.flatten())
      model.add(stock.dense({ units: 1, kernelInitializer: stockSeed(2) }))
      model.compile({ optimizer: 'adam', loss: 'meanSquaredError' })
      ;(model.optimizer as unknown as { learningRate: number }).learningRate = 0.01
      return model
    }
    const x = random([64, 4], 5)
    const target = {
      data: x.data
        .map((value, i) => (i % 4 === 0 ? Math.sin(value) + 0.5 : 0))
        .filter((_v, i) => i % 4 === 0),
      shape: [64, 1],
    }

    test('fit trains it, saved and loaded it gives the same', async () => {
      const [inputs, targets] = [toTf(x), toTf(target)]
      const model = network()
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
      expect(loaded.layers.map((layer) => layer.getClassName())).toContain(
        `normlab>${layerName(record.name)}`,
      )
      const [before, after] = [model, loaded].map((one) => (one.predict(inputs) as tf.Tensor).dataSync())
      expect(Array.from(after as Float32Array)).toEqual(Array.from(before as Float32Array))
      expect(loaded.weights.map((weight) => Array.from(weight.read().dataSync()))).toEqual(
        model.weights.map((weight) => Array.from(weight.read().dataSync())),
      )
    })

    test(`${steps} training steps leave no tensor behind, nor do training calls`, async () => {
      const [inputs, targets] = [toTf(random([8, 4], 5)), toTf(random([8, 1], 6))]
      const model = network()
      const layer = model.layers[2]
      const hidden = toTf(random([8, 3, 4], 7))
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
      const hidden = toTf(random([8, 3, 4], 7))
      const twice = [0, 1].map(() => {
        const layer = network().layers[2]
        return [layer.apply(hidden, { training: true }), layer.apply(hidden)].map((y) =>
          Array.from((y as tf.Tensor).dataSync()),
        )
      })
      expect(twice[0]).toEqual(twice[1])
    })
  })
}

const stockSeed = (seed: number) => ({ className: 'GlorotUniform', config: { seed } }) as never
