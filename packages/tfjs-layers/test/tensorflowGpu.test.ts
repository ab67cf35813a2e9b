/** What the kernels ask of TensorFlow on a GPU, which no test machine has: against a fake that computes as cuDNN does. */
import type { AnyNorm, Tensor } from '@normlab/core'
import { greatestError } from '@normlab/core/testing'
import { expect, test } from 'vitest'
import { kernels, serves } from '../src/backends/tensorflow/index.ts'
import { fold } from '../src/fold.ts'
import { attrsOf } from '../src/kernels/cells.ts'
import { APPLY, NORMALIZE, NORMALIZE_GRAD, type NormalizeAttrs } from '../src/kernels/contract.ts'
import { FakeTensorflow } from './fakeTensorflow.ts'
import { norms, random } from './fixtures.ts'

interface Case {
  readonly name: string
  readonly record: AnyNorm
  readonly shape: readonly number[]
  readonly options?: object
  readonly moments?: boolean
  readonly bare?: boolean
  readonly forward: readonly string[]
  readonly backward: readonly string[]
  readonly formats: readonly string[]
}

const [batchNorm, layerNorm, groupNorm, instanceNorm] = ['Batch', 'Layer', 'Group', 'Instance'].map((name) =>
  norms.find((record) => record.name === `${name}Norm`)!,
)

const LN = {
  forward: ['Reshape', 'Mean', 'Sub', 'FusedBatchNormV3', 'FusedBatchNormV3', 'Reshape'],
  backward: ['Reshape', 'FusedBatchNormGradV3', 'FusedBatchNormGradV3', 'Reshape'],
  formats: ['NCHW', 'NHWC', 'NHWC', 'NCHW'],
}
const cases: Case[] = [
  { name: 'LayerNorm', record: layerNorm, shape: [4, 3, 12], ...LN },
  {
    name: 'LayerNorm without parameters',
    record: layerNorm,
    shape: [4, 3, 12],
    bare: true,
    forward: ['Reshape', 'Mean', 'Sub', 'FusedBatchNormV3', 'Reshape'],
    backward: ['Reshape', 'Reshape', 'Sub', 'FusedBatchNormGradV3', 'Reshape'],
    formats: ['NCHW', 'NCHW'],
  },
  {
    name: 'BatchNorm, channels last',
    record: batchNorm,
    shape: [4, 3, 2, 12],
    moments: true,
    forward: ['FusedBatchNormV3', 'Reshape', 'Mul', 'Reshape'],
    backward: ['FusedBatchNormGradV3'],
    formats: ['NHWC', 'NHWC'],
  },
  {
    name: 'BatchNorm, channels first, rank 5',
    record: batchNorm,
    shape: [4, 6, 3, 2, 2],
    options: { axis: 1 },
    moments: true,
    forward: ['FusedBatchNormV3', 'Reshape', 'Mul', 'Reshape'],
    backward: ['FusedBatchNormGradV3'],
    formats: ['NCDHW', 'NCDHW'],
  },
  {
    name: 'InstanceNorm, channels first',
    record: instanceNorm,
    shape: [4, 6, 3, 2],
    options: { axis: 1 },
    forward: [
      'Reshape',
      'Mean',
      'Sub',
      'FusedBatchNormV3',
      'Reshape',
      'Reshape',
      'Mul',
      'Reshape',
      'AddV2',
      'Reshape',
    ],
    backward: [
      'Reshape',
      'Sum',
      'Mul',
      'Sum',
      'Reshape',
      'Mul',
      'Reshape',
      'Reshape',
      'FusedBatchNormGradV3',
      'Reshape',
      'Reshape',
      'Reshape',
    ],
    formats: ['NCHW', 'NCHW'],
  },
  {
    name: 'GroupNorm, channels last',
    record: groupNorm,
    shape: [4, 3, 2, 12],
    options: { g: 3 },
    forward: [
      'Reshape',
      'Transpose',
      'Reshape',
      'Mean',
      'Sub',
      'FusedBatchNormV3',
      'Reshape',
      'Transpose',
      'Reshape',
      'FusedBatchNormV3',
      'Reshape',
    ],
    backward: [
      'Reshape',
      'FusedBatchNormGradV3',
      'Reshape',
      'Transpose',
      'Reshape',
      'Reshape',
      'Transpose',
      'Reshape',
      'FusedBatchNormGradV3',
      'Reshape',
      'Transpose',
      'Reshape',
    ],
    formats: ['NCHW', 'NHWC', 'NHWC', 'NCHW'],
  },
]

const NAMES = ['gamma', 'beta'] as const
const EPSILON = 1e-3

function setUp({ record, shape, options = {}, moments = false, bare = false }: Case) {
  const full = { ...record.options, axis: -1, epsilon: EPSILON, ...options }
  const plan = record.plan(shape, full)
  const dims = fold(plan, [...Object.values(record.params).map(({ along }) => along), record.running ?? ''])
  const names = bare ? [] : NAMES
  const params = Object.fromEntries(
    names.map((name, i) => [name, random(record.paramShape(name, shape, full), 5 + i, 0.5, 1)]),
  )
  const problem = { record, dims, keep: plan.pattern.keep.join(' '), epsilon: EPSILON }
  const shapes = Object.fromEntries(names.map((name) => [name, params[name].shape]))
  const attrs: NormalizeAttrs = { ...attrsOf(problem, shapes, 'own'), moments }
  return { full, params, attrs, problem, shapes }
}

const held = (fake: FakeTensorflow, { data, shape }: Tensor) =>
  fake.hold({ values: Float64Array.from(data), shape: [...shape] })

test.each(cases)('$name: the operations, their formats and the numbers', (one) => {
  const { record, shape, moments } = one
  const { full, params, attrs } = setUp(one)
  const fake = new FakeTensorflow()
  expect(serves(NORMALIZE, attrs, fake.backend)).toBe(true)
  fake.ran.length = 0 // the look at what is reserved
  const [x, dy] = [random(shape, 1, 2, 3), random(shape, 2)]
  const inputs = Object.fromEntries(
    Object.entries({ x, ...params }).map(([name, t]) => [name, held(fake, t)]),
  )
  const [y, ...others] = kernels[NORMALIZE]!(inputs as never, attrs, fake.backend)
  const forward = fake.ran.splice(0)
  const batch = moments ? others.splice(0, 2) : []
  const saved = Object.fromEntries(others.map((info, i) => [`saved${i}`, info]))
  const { x: xInfo, gamma } = inputs
  const grads = kernels[NORMALIZE_GRAD]!(
    { dy: held(fake, dy), x: xInfo, ...(gamma && { gamma }), ...saved } as never,
    attrs,
    fake.backend,
  )
  expect(forward.map(({ name }) => name)).toEqual(one.forward)
  expect(fake.ran.map(({ name }) => name)).toEqual(one.backward)
  const formats = [...forward, ...fake.ran].flatMap(({ attrs: { data_format: format } }) => format ?? [])
  expect(formats).toEqual(one.formats)
  // x, dy, the parameters, and what was given back.
  expect(fake.alive).toBe(2 + Object.keys(params).length + 1 + batch.length + others.length + grads.length)

  const want = record.forward(x, params, full)
  const back = record.backward(dy, want.saved)
  const error = (info: { dataId: object; shape: number[] }, { data, shape: size }: Tensor) =>
    String(info.shape) === String(size) ? greatestError(fake.readSync(info.dataId), data) : Infinity
  expect(error(y, want.y), 'y').toBeLessThan(1e-6)
  const wanted = [back.dx, ...Object.keys(params).map((name) => back[`d${name as 'gamma'}`])]
  for (const [i, t] of wanted.entries()) expect(error(grads[i], t), `gradient ${i}`).toBeLessThan(1e-6)
  if (moments) {
    const state = record.forward(x, params, { ...full, decay: 0, variance: 'biased' }).state!
    expect(greatestError(fake.readSync(batch[0].dataId), state.mean.data)).toBeLessThan(1e-6)
    expect(greatestError(fake.readSync(batch[1].dataId), state.variance.data)).toBeLessThan(1e-6)
  }
})

test('a training LayerNorm asks for attributes that TensorFlow knows, and hands the third reserve on', () => {
  const { attrs, params } = setUp(cases[0])
  const fake = new FakeTensorflow()
  serves(NORMALIZE, attrs, fake.backend)
  fake.ran.length = 0
  const inputs = {
    x: held(fake, random(cases[0].shape, 1)),
    gamma: held(fake, params.gamma),
    beta: held(fake, params.beta),
  }
  kernels[NORMALIZE]!(inputs, attrs, fake.backend)
  const [training, given] = fake.ran.filter(({ name }) => name === 'FusedBatchNormV3')
  expect(training).toEqual({
    name: 'FusedBatchNormV3',
    attrs: {
      T: 1,
      U: 1,
      epsilon: EPSILON,
      data_format: 'NCHW',
      is_training: true,
      exponential_avg_factor: 1,
    },
    shapes: [[1, 12, 1, 12], [12], [12], [0], [0]],
  })
  expect(given.attrs).toMatchObject({ data_format: 'NHWC', is_training: false, epsilon: 2 ** -10 })
  expect(given.shapes).toEqual([[1, 12, 1, 12], [12], [12], [12], [12]])
})

test.each([
  [1e-6, false],
  [1e-5, false],
  [1.001e-5, true],
])("cuDNN's least epsilon: %d is served: %s", (epsilon, want) => {
  const { attrs } = setUp(cases[0])
  const fake = new FakeTensorflow()
  expect(serves(NORMALIZE, { ...attrs, epsilon }, fake.backend)).toBe(want)
  expect(serves(APPLY, { ...attrs, epsilon }, fake.backend)).toBe(false) // gamma varies within a row
})

test('what is neither the variance nor its inverse root is not trusted', () => {
  const { attrs } = setUp(cases[0])
  const fake = new FakeTensorflow()
  const run = fake.executeMultipleOutputs.bind(fake)
  fake.executeMultipleOutputs = (name, ...rest) => {
    const outputs = run(name, ...rest)
    return name === 'FusedBatchNormV3' ? outputs.with(4, outputs[1]) : outputs
  }
  expect(serves(NORMALIZE, attrs, fake.backend)).toBe(false)
})

test('given statistics: one operation where the channels stand well', () => {
  const shape = [4, 3, 2, 12]
  const { problem, shapes, params } = setUp({ ...cases[2], shape })
  const attrs = attrsOf(problem, shapes, 'given')
  const fake = new FakeTensorflow()
  expect(serves(APPLY, attrs, fake.backend)).toBe(true)
  const [x, mean, variance] = [random(shape, 1), random([12], 2), random([12], 3)]
  const positive = { ...variance, data: variance.data.map((value) => value * value) }
  const given = { x, mean, variance: positive, ...params }
  const inputs = Object.fromEntries(Object.entries(given).map(([name, t]) => [name, held(fake, t)]))
  const [y] = kernels[APPLY]!(inputs as never, attrs, fake.backend)
  expect(
    fake.ran.map(({ name, attrs: { data_format: format, is_training: training } }) => [
      name,
      format,
      training,
    ]),
  ).toEqual([['FusedBatchNormV3', 'NHWC', false]])
  const state = { mean, variance: positive, count: 1 }
  const want = batchNorm.forward(x, params, { axis: -1, epsilon: EPSILON, state, training: false }).y
  expect(greatestError(fake.readSync(y.dataId), want.data)).toBeLessThan(1e-6)
})
