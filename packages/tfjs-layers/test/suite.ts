/** What every record of core gets as a layer, checked for each of them on one backend. */
import { variants, type AnyNorm } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { layers as stock, loadLayersModel, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, test } from 'vitest'
import { factoryName, layerName } from '../src/names.ts'
import { layers, type NoiseLayer, NormlabError, type NormLayer } from '../src/index.ts'
import { configOf, expectClose, norms, pull, random, randomWeights, toTf, type Layout } from './fixtures.ts'

type Made = NormLayer | NoiseLayer
const make = (record: { name: string }, config: object = {}): Made => {
  const factory = (layers as unknown as Record<string, (config: object) => Made>)[
    factoryName(layerName(record.name))
  ]
  return factory(config)
}

/** A config under which every record fits 12 features. */
const small = (record: { options: object }): object => ('g' in record.options ? { groups: 3 } : {})

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

/** @param steps training steps of the leak test: each costs a browser tens of milliseconds. */
export function recordSuite(layouts: readonly Layout[], steps = 200): void {
  test('every record of core has a layer', () => {
    expect(Object.keys(layers).toSorted()).toEqual(
      variants.map((record) => factoryName(layerName(record.name))).toSorted(),
    )
    for (const name of ['batch', 'layer', 'group', 'instance', 'rms'])
      expect(Object.keys(layers)).toContain(`${name}Normalization`)
  })

  describe.each(norms.map((record) => [record.name, record] as const))('%s', (_, record) => {
    const fitting = layouts.flatMap((layout) =>
      record.cases
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
        const params = randomWeights(layer as NormLayer, 10)
        const given = Object.fromEntries(Object.keys(record.params).map((name) => [name, params[name]]))
        const { y, saved } = record.forward(x, given, options)
        const want = record.backward(dy, saved)
        const got = pull(layer, x, dy)
        expectClose(got.y, y, 'y')
        expectClose(got.dx, want.dx, 'dx')
        for (const name of Object.keys(given)) expectClose(got.byName[name], want[`d${name}`], `d${name}`)
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
      expectClose(got.y, y, 'y')
      expectClose(got.dx, record.backward(dy, saved).dx, 'dx')
    })

    if (record.running) runningSuite(record)
  })

  describe.each(variants.map((record) => [record.name, record] as const))('%s in a model', (_, record) => {
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

const configToCore = (layer: NormLayer): Record<string, unknown> => {
  const { groups, momentum, ...rest } = layer.options
  return {
    ...rest,
    ...(groups === undefined ? {} : { g: groups }),
    ...(momentum === undefined ? {} : { decay: momentum }),
  }
}

function runningSuite(record: AnyNorm): void {
  const shape = [5, 3, 12]
  const state = (layer: stock.Layer) =>
    layer
      .getWeights()
      .slice(-2)
      .map((value) => value.dataSync() as Float32Array)

  test.each(['biased', 'unbiased'] as const)(
    'the %s moving statistics follow core over three steps',
    (variance) => {
      const layer = make(record, { ...small(record), variance, momentum: 0.8 })
      layer.build(shape)
      const options = { ...configToCore(layer as NormLayer), axis: -1 }
      let want = record.initState(shape, options)
      for (const seed of [1, 2, 3]) {
        const x = random(shape, seed, 3, 2)
        tf.dispose(layer.call(toTf(x), { training: true }))
        want = record.forward(x, {}, { ...options, state: want }).state!
      }
      const [mean, moving] = state(layer)
      expectClose(mean, want.mean, 'mean')
      expectClose(moving, want.variance, 'variance')
      const x = random(shape, 4)
      const dy = random(shape, 5)
      const { y, saved } = record.forward(x, {}, { ...options, state: want, training: false })
      const got = pull(layer, x, dy, { training: false })
      expectClose(got.y, y, 'inference')
      expectClose(layer.call(toTf(x), {}), y, 'inference off the tape')
      expectClose(got.dx, record.backward(dy, saved).dx, 'dx at inference')
      expect(state(layer)).toEqual([mean, moving])
    },
  )

  test('trainable: false uses the moving statistics and leaves them', () => {
    const layer = make(record, { ...small(record), trainable: false })
    layer.build(shape)
    const x = toTf(random(shape, 1, 3, 2))
    const before = state(layer)
    expect(layer.call(x, { training: true }).dataSync()).toEqual(layer.call(x, {}).dataSync())
    expect(state(layer)).toEqual(before)
    layer.trainable = true
    tf.dispose(layer.call(x, { training: true }))
    expect(state(layer)).not.toEqual(before)
  })

  test('an empty batch leaves the state alone', () => {
    const layer = make(record, small(record))
    layer.build([null as unknown as number, 3, 12])
    const before = state(layer)
    expect(layer.call(tf.zeros([0, 3, 12]), { training: true }).shape).toEqual([0, 3, 12])
    expect(state(layer)).toEqual(before)
  })

  if (record.weights)
    test('a mask keeps elements out of the statistics, NaN included; all are normalized', () => {
      const x = random(shape, 1, 3, 2)
      const bits = Float32Array.from({ length: 15 }, (_, i) => (i % 4 === 1 ? 0 : 1))
      const mask = tf.tensor(bits, [5, 3])
      const weights = { data: Float64Array.from(bits), shape: [5, 3, 1] }
      const layer = make(record, { ...small(record), momentum: 0.5 })
      layer.build(shape)
      const options = { ...configToCore(layer as NormLayer), axis: -1, weights }
      const params = randomWeights(layer as NormLayer, 10)
      const want = record.forward(
        x,
        { gamma: params.gamma, beta: params.beta },
        { ...options, state: { mean: params.moving_mean, variance: params.moving_variance, count: 0 } },
      )
      const dy = random(shape, 2)
      const got = pull(layer, x, dy, { training: true, mask })
      expectClose(got.y, want.y, 'y')
      const back = record.backward(dy, want.saved)
      expectClose(got.dx, back.dx, 'dx')
      expectClose(got.byName.gamma, back.dgamma, 'dgamma')
      const [mean, variance] = state(layer)
      expectClose(mean, want.state!.mean, 'mean')
      expectClose(variance, want.state!.variance, 'variance')
      const holed = { ...x, data: x.data.map((value, i) => (bits[Math.floor(i / 12)] ? value : NaN)) }
      const y = layer.call(toTf(holed), { training: true, mask }).dataSync()
      expect(y.every((value, i) => Number.isFinite(value) === Boolean(bits[Math.floor(i / 12)]))).toBe(true)
      const none = state(layer)
      tf.dispose(layer.call(toTf(x), { training: true, mask: tf.zeros([5, 3]) }))
      expect(state(layer), 'nothing but masked elements').toEqual(none)
    })
}
