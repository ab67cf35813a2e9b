import * as tf from '@tensorflow/tfjs-core'
import { constraints, initializers, layers as stock, regularizers } from '@tensorflow/tfjs-layers'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { layerClasses, layers, NormlabError, type WeightLayer } from '../src/index.ts'
import { autoName, factoryName, layerName } from '../src/names.ts'
import { useCpu } from './cpu.ts'
import { ofWeights } from './fixtures.ts'

await useCpu()

test('names', () => {
  expect(
    ['GroupNorm', 'RMSNorm', 'Dropout', 'DyT', 'GRN', 'L2Norm', 'LpNorm'].map(layerName).map(factoryName),
  ).toEqual([
    'groupNormalization',
    'rmsNormalization',
    'dropout',
    'dyT',
    'grn',
    'unitNormalization',
    'lpNormalization',
  ])
  expect(autoName('whatever_normlab>RMSNormalization12', 'normlab>RMSNormalization')).toBe(
    'normlab_rms_normalization_12',
  )
  expect(layers.rmsNormalization().name).toMatch(/^normlab_rms_normalization_\d+$/)
  expect(layers.rmsNormalization({ name: 'mine' }).name).toBe('mine')
  expect(layerClasses.GroupNormalization.name).toBe('GroupNormalization')
})

test('types of the configs follow the records', () => {
  type Group = NonNullable<Parameters<typeof layers.groupNormalization>[0]>
  type RMS = NonNullable<Parameters<typeof layers.rmsNormalization>[0]>
  type Batch = NonNullable<Parameters<typeof layers.batchNormalization>[0]>
  type Drop = NonNullable<Parameters<typeof layers.dropout>[0]>
  expectTypeOf<Group['groups']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<Group['epsilon']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<Group['center']>().toEqualTypeOf<boolean | undefined>()
  expectTypeOf<Batch['momentum']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<Batch>().toHaveProperty('movingMeanInitializer')
  expectTypeOf<Group>().not.toHaveProperty('momentum')
  expectTypeOf<RMS>().not.toHaveProperty('center')
  expectTypeOf<RMS>().toHaveProperty('gammaConstraint')
  expectTypeOf<Drop['rate']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<Drop>().not.toHaveProperty('epsilon')
  expectTypeOf<Drop>().toHaveProperty('name')
  expectTypeOf<Drop>().toHaveProperty('noiseShape')
  expectTypeOf<Drop>().not.toHaveProperty('axis')
  type Renorm = NonNullable<Parameters<typeof layers.batchRenorm>[0]>
  type Block = NonNullable<Parameters<typeof layers.dropBlock>[0]>
  type Spade = NonNullable<Parameters<typeof layers.spade>[0]>
  expectTypeOf<Batch>().toHaveProperty('trackRunningStats')
  expectTypeOf<Batch>().toHaveProperty('variance')
  expectTypeOf<Renorm>().toHaveProperty('rMax')
  expectTypeOf<Renorm>().toHaveProperty('movingMeanInitializer')
  expectTypeOf<Renorm>().not.toHaveProperty('variance')
  expectTypeOf<Renorm>().not.toHaveProperty('trackRunningStats')
  expectTypeOf<Renorm>().not.toHaveProperty('center')
  expectTypeOf<Block>().toHaveProperty('axis')
  expectTypeOf<Spade>().not.toHaveProperty('scale')
  expectTypeOf<typeof layers>().toHaveProperty('unitNormalization')
  type Weight = Parameters<typeof layers.weightNormalization>[0]
  expectTypeOf<Weight>().toHaveProperty('layer')
  expectTypeOf<Weight>().toHaveProperty('gammaInitializer')
  expectTypeOf<Parameters<typeof layers.spectralNormalization>[0]>().toHaveProperty('powerIterations')
  expectTypeOf<ReturnType<typeof layers.dropConnect>>().toEqualTypeOf<WeightLayer>()
})

test("Keras's defaults", () => {
  expect(layers.batchNormalization().getConfig()).toMatchObject({
    axis: -1,
    epsilon: 1e-3,
    momentum: 0.99,
    center: true,
    scale: true,
  })
  expect(layers.layerNormalization().getConfig()).toMatchObject({ axis: -1, epsilon: 1e-3 })
  expect(layers.groupNormalization().getConfig()).toMatchObject({ groups: 32, axis: -1, epsilon: 1e-3 })
  expect(layers.instanceNormalization().getConfig()).toMatchObject({ axis: -1, epsilon: 1e-3 })
  expect(layers.rmsNormalization().getConfig()).toMatchObject({ axis: -1, epsilon: 1e-6 })
  expect(layers.unitNormalization().getConfig()).toMatchObject({ axis: -1, epsilon: 1e-12 })
  expect(layers.spatialDropout().getConfig()).toMatchObject({ axis: -1, rate: 0.5, seed: null })
  expect(layers.alphaDropout({ rate: 0.1 }).getConfig()).toMatchObject({ rate: 0.1, noiseShape: null })
  expect(layers.gaussianDropout({ rate: 0.1 }).getConfig()).toMatchObject({ rate: 0.1, seed: null })
  expect(layers.gaussianNoise({ stddev: 0.2 }).getConfig()).toMatchObject({ stddev: 0.2, seed: null })
})

const configs: Record<string, object> = {
  batchNormalization: {
    axis: 1,
    momentum: 0.5,
    epsilon: 0.02,
    gammaInitializer: 'randomUniform',
    betaInitializer: initializers.constant({ value: 2 }),
    movingVarianceInitializer: { className: 'Constant', config: { value: 3 } },
    movingMeanInitializer: 'glorot_normal',
    gammaRegularizer: 'l1l2',
    betaRegularizer: regularizers.l2({ l2: 0.1 }),
    betaConstraint: constraints.maxNorm({ maxValue: 2 }),
    gammaConstraint: 'nonNeg',
    trainable: false,
  },
  layerNormalization: { axis: [2, 1], center: false },
  groupNormalization: { groups: -1, scale: false },
  instanceNormalization: { axis: [-1] },
  rmsNormalization: { gammaInitializer: 'zeros' },
  dropout: { rate: 0.3, seed: 7, step: 5, noiseShape: [null, 1, null] },
}

test.each(Object.keys(layers))('%s: getConfig comes back through JSON', (name) => {
  const factory = (
    layers as unknown as Record<string, (config: object) => InstanceType<(typeof layerClasses)[string]>>
  )[name]
  const wrapped = ofWeights.some((record) => factoryName(layerName(record.name)) === name)
  const layer = wrapped ? { layer: stock.dense({ units: 2 }) } : {}
  const config = factory({ ...configs[name], ...layer }).getConfig()
  const again = factory(JSON.parse(JSON.stringify(config)) as object)
  expect(again.getConfig()).toEqual(config)
  expect(config).toMatchObject(
    Object.fromEntries(
      Object.entries(configs[name] ?? {}).filter(
        ([, value]) => typeof value !== 'object' && typeof value !== 'string',
      ),
    ),
  )
})

test('initializers, regularizers and constraints do what they say', () => {
  const layer = layers.batchNormalization({ ...configs.batchNormalization, trainable: true })
  layer.build([null, 4, 5])
  const [gamma, beta, mean, variance] = layer.getWeights()
  expect(gamma.shape).toEqual([4])
  expect(new Set(gamma.dataSync()).size).toBe(4)
  expect(Array.from(beta.dataSync())).toEqual([2, 2, 2, 2])
  expect(Math.abs(mean.dataSync()[0])).toBeGreaterThan(0)
  expect(Array.from(variance.dataSync())).toEqual([3, 3, 3, 3])
  expect(layer.calculateLosses().length).toBe(2)
  expect(layer.calculateLosses()[1].dataSync()[0]).toBeCloseTo(0.1 * 16)
  layer.weights[0].write(tf.tensor([-1, -1, -1, -1]))
  expect(Array.from(layer.getWeights()[0].dataSync())).toEqual(
    [0, 0, 0, 0].map((zero) => expect.closeTo(zero)),
  )
})

test("the caller's axis list is not touched, nor kept", () => {
  const axis = [-1, -2]
  const layer = layers.layerNormalization({ axis })
  layer.build([null, 2, 3])
  expect(axis).toEqual([-1, -2])
  axis.push(0)
  expect(layer.getConfig().axis).toEqual([-1, -2])
  expect(layer.weights.map(({ shape }) => shape)).toEqual([
    [2, 3],
    [2, 3],
  ])
})

test('groups: -1 is instance normalization', () => {
  const x = tf.randomNormal([2, 5, 6], 0, 1, 'float32', 1)
  const [a, b] = [layers.groupNormalization({ groups: -1 }), layers.instanceNormalization()].map(
    (layer) => layer.apply(x) as tf.Tensor,
  )
  expect(Array.from(a.dataSync())).toEqual(Array.from(b.dataSync()))
})

describe('refuses', () => {
  const refusals: [string, () => unknown, string, RegExp][] = [
    [
      'an unknown argument',
      () => layers.layerNormalization({ eps: 1 } as object),
      'eps',
      /It has axis, epsilon/,
    ],
    [
      'a negative epsilon',
      () => layers.layerNormalization({ epsilon: -1 }),
      'epsilon',
      /-1 is no number from 0 up/,
    ],
    ['a momentum above 1', () => layers.batchNormalization({ momentum: 2 }), 'momentum', /2.*old value/],
    ['a fraction as axis', () => layers.batchNormalization({ axis: 0.5 }), 'axis', /0.5.*integer/],
    [
      'a flag that is none',
      () => layers.batchNormalization({ center: 1 as never }),
      'center',
      /1.*true or false/,
    ],
    ['0 groups', () => layers.groupNormalization({ groups: 0 }), 'groups', /0.*positive/],
    ['an option of a variant', () => layers.localResponseNormalization({ alpha: -1 }), 'alpha', /from 0 up/],
    [
      'an option under its own name',
      () => layers.spectralNormalization({ layer: stock.dense({ units: 2 }), powerIterations: 0 }),
      'powerIterations',
      /from 1 up/,
    ],
    [
      'a negative deviation',
      () => layers.gaussianNoise({ stddev: -1 }),
      'stddev',
      /-1 is no number from 0 up/,
    ],
    ['half a block', () => layers.dropBlock({ block: 2.5 }), 'block', /2.5 is no whole number from 1 up/],
    [
      'a flag of a forward of its own',
      () => layers.seeDNormalization({ center: false } as object),
      'center',
      /no such/,
    ],
    ['a rate of 1.5', () => layers.dropout({ rate: 1.5 }), 'rate', /1.5.*0 to 1/],
    ['a negative seed', () => layers.dropout({ seed: -1 }), 'seed', /-1/],
    ['a noise shape of words', () => layers.dropout({ noiseShape: ['a'] as never }), 'noiseShape', /null/],
    [
      'an unknown initializer',
      () => layers.layerNormalization({ gammaInitializer: 'one' as never }),
      'gammaInitializer',
      /"one".*zeros/,
    ],
    [
      'a number as regularizer',
      () => layers.layerNormalization({ gammaRegularizer: 3 as never }),
      'gammaRegularizer',
      /3/,
    ],
    ['float16', () => layers.layerNormalization({ dtype: 'int32' }), 'dtype', /float32/],
    [
      'an axis beyond the rank',
      () => layers.batchNormalization({ axis: 3 }).build([null, 2, 3]),
      'axis',
      /3.*rank 3/,
    ],
    [
      'an axis named twice',
      () => layers.layerNormalization({ axis: [-1, 2] }).build([null, 2, 3]),
      'axis',
      /twice/,
    ],
    [
      'groups that do not divide',
      () => layers.groupNormalization({ groups: 5 }).build([null, 2, 12]),
      'groups',
      /5.*12.*divisor of 12/,
    ],
    [
      'an axis of unknown size',
      () => layers.batchNormalization({ axis: 1 }).build([null, null, 3]),
      'inputShape',
      /axis 1/,
    ],
    [
      'groups of an axis of unknown size',
      () => layers.groupNormalization({ axis: 1 }).build([null, null, 3]),
      'inputShape',
      /axis 1/,
    ],
    ['a batch axis alone', () => layers.batchNormalization().build([3]), 'x', /rank 1/],
    [
      "a mask of x's shape",
      () => layers.batchNormalization().apply(tf.ones([2, 3]), { training: true, mask: tf.ones([2, 3]) }),
      'mask.shape',
      /\[2,3\].*\[2\]/,
    ],
    [
      'a noise shape that does not fit',
      () => layers.dropout({ noiseShape: [2, null] }).apply(tf.ones([4, 3]), { training: true }),
      'noiseShape',
      /\[2,null\].*\[4,3\]/,
    ],
  ]
  test.each(refusals)('%s', (_, task, argument, message) => {
    let error: unknown
    try {
      task()
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(NormlabError)
    expect((error as NormlabError).argument).toBe(argument)
    expect((error as NormlabError).message).toMatch(message)
  })
})
