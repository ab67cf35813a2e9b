/**
 * What other suites and a run of PyTorch say that no case file can: shapes without elements, refusals, equivalences.
 * docs/reference/behaviours.md has a row for each. Numbers and claims are theirs; each test names its source.
 */
import { describe, expect, test } from 'vitest'
import {
  batchNorm,
  conventions,
  dropout,
  groupNorm,
  instanceNorm,
  layerNorm,
  lpNorm,
  rmsNorm,
  spectralNorm,
  type AnyNorm,
  type Tensor,
} from '../src/index.ts'
import { greatestError, secondOrder } from '../src/testing/index.ts'
import { randomTensor } from './fixtures.ts'

const f32 = (shape: number[], values: readonly number[]): Tensor => ({
  data: Float32Array.from(values),
  shape,
})
const filled = (shape: number[], value: number): Tensor => ({
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value),
  shape,
})
const numbers = ({ data }: Tensor) => Array.from(data, (value) => value + 0) // no -0
const expectNear = (got: Tensor, want: readonly number[], digits = 6) =>
  numbers(got).forEach((value, i) => expect(value).toBeCloseTo(want[i], digits))

describe('PyTorch 1.13.1, run', () => {
  const torchBatch = batchNorm.with(conventions.torch)

  test.each([[[1, 3]], [[1, 3, 2, 1]]])('BatchNorm train x=%j', (shape) => {
    const { y } = torchBatch.forward(randomTensor(shape, 1))
    expect(y.shape).toEqual(shape)
    expect(y.data.every(Number.isFinite)).toBe(true)
  })

  test.each([
    ['BatchNorm1d train empty batch (0,3)', batchNorm, [0, 3], {}],
    ['LayerNorm empty batch (0,4)', layerNorm, [0, 4], {}],
    ['GroupNorm empty batch (0,4,2)', groupNorm, [0, 4, 2], { g: 2, axis: 1 }],
  ] as const)('%s', (_, variant, shape, options) => {
    const x = f32([...shape], [])
    const { y, saved } = (variant as unknown as AnyNorm).forward(x, {}, options)
    expect(y.shape).toEqual(shape)
    expect((variant as unknown as AnyNorm).backward(x, saved).dx.shape).toEqual(shape)
  })

  test('LayerNorm normalized size 1: y is beta', () => {
    const { y } = layerNorm.forward(f32([2, 1], [3, -8]), { beta: f32([1], [0.5]) })
    expect(numbers(y)).toEqual([0.5, 0.5])
  })

  test('GroupNorm one value per group (2,4) groups=4', () => {
    expect(numbers(groupNorm.forward(randomTensor([2, 4], 1), {}, { g: 4 }).y)).toEqual(Array(8).fill(0))
  })

  test('InstanceNorm1d one spatial value (2,3,1): y is beta, not an error', () => {
    const { y } = instanceNorm.forward(randomTensor([2, 3, 1], 1), {}, { axis: 1 })
    expect(numbers(y)).toEqual(Array(6).fill(0))
  })

  test('Dropout p=0 train, and p=1 gradient', () => {
    const ones = filled([4], 1)
    expect(numbers(dropout.forward(ones, {}, { rate: 0 }).y)).toEqual([1, 1, 1, 1])
    const { saved } = dropout.forward(ones, {}, { rate: 1 })
    expect(numbers(dropout.backward(ones, saved).dx)).toEqual([0, 0, 0, 0])
  })

  test('normalize zero vector', () =>
    expect(numbers(lpNorm.forward(filled([1, 3], 0), {}, { p: 2 }).y)).toEqual([0, 0, 0]))

  test('defaults', () => {
    const { variants } = conventions.torch
    for (const name of ['BatchNorm', 'InstanceNorm', 'LayerNorm', 'GroupNorm'] as const)
      expect(variants[name].options.epsilon).toBe(1e-5)
    expect(variants.BatchNorm.options).toMatchObject({ decay: 1 - 0.1, variance: 'unbiased' })
    expect(Object.keys(batchNorm.params)).toEqual(['gamma', 'beta'])
  })

  // PyTorch's float32 answers here are off in the fourth (100) to the first digit (1e7); ours are not.
  test.each([100, 1e4, 1e6, 1e7])('LayerNorm and BatchNorm float32 [o,o+1,o+2] o=%d', (o) => {
    const want = [-1, 0, 1].map((value) => value / Math.sqrt(2 / 3 + 1e-5))
    const values = [o, o + 1, o + 2]
    expectNear(layerNorm.forward(f32([1, 3], values)).y, want)
    const { y, state } = torchBatch.forward(f32([3, 1], values))
    expectNear(y, want)
    expectNear(state.variance, [1])
  })
})

describe('tfjs 0fc04d958ea5', () => {
  test('dropout_test.ts: each value is 0 or x / (1 - rate); a rate out of range is refused', () => {
    const x = randomTensor([4, 25], 1)
    const { y } = dropout.forward(x, {}, { rate: 0.75, seed: 1 })
    expect(y.data.every((value, i) => value === 0 || value === x.data[i] * 4)).toBe(true)
    for (const rate of [-0.1, 1.1]) expect(() => dropout.forward(x, {}, { rate })).toThrow(/rate/)
    const whole = { data: new Int32Array(2), shape: [2] } as never
    expect(() => dropout.forward(whole)).toThrow(/Int32Array/)
  })
})

describe('Keras 3422977a5e38', () => {
  test('layer_normalization_test.py: axes out of range or twice are refused, order does not matter', () => {
    const x = randomTensor([2, 3], 1)
    for (const axis of [2, 99, -3, -99, [-1, 1], [1, 1]])
      expect(() => layerNorm.forward(x, {}, { axis }), String(axis)).toThrow(/axis/)
    const y = (axis: number[]) => layerNorm.forward(randomTensor([2, 3, 4], 1), {}, { axis }).y
    expect(y([-1, -2])).toEqual(y([-2, -1]))
    expect(layerNorm.forward(f32([1, 0, 10], [])).y.shape).toEqual([1, 0, 10])
  })

  test('spectral_normalization_test.py, test_apply_layer: a kernel of ones of 4 by 1 has sigma 2', () => {
    const w = filled([4, 1], 1)
    const { y, state } = spectralNorm.forward(w, {}, { axis: -1, iterations: 8 })
    expectNear(y, [0.5, 0.5, 0.5, 0.5])
    // Keras: unchanged at inference. Ours divides by sigma of the kept vectors.
    expectNear(spectralNorm.forward(w, {}, { axis: -1, training: false, state }).y, [0.5, 0.5, 0.5, 0.5])
  })

  test('dropout_test.py: a mask of one along an axis is repeated along it', () => {
    const mask = f32([3, 1, 5], [...dropout.draw([3, 1, 5], { seed: 4 })])
    const { y } = dropout.forward(filled([3, 4, 5], 1), {}, { mask })
    expect(numbers(y)).toEqual(
      Array.from({ length: 60 }, (_, i) => 2 * mask.data[5 * Math.floor(i / 20) + (i % 5)]),
    )
  })
})

describe('others', () => {
  test('burn 2c06be351006, group.rs: 4 groups of 64 channels of 0.5 give 0 exactly (float32; we have no float16)', () => {
    const { y } = groupNorm.forward(filled([1, 64, 64, 64], 0.5), {}, { g: 4, axis: 1 })
    expect(y.data.every((value) => value === 0)).toBe(true)
  })

  test('XLA, RandomizedTrainingTests: bounds {1,0,100,42}', () => {
    const x = f32([1, 0, 100, 42], [])
    const { y, state, saved } = batchNorm.forward(x)
    expect(y.shape).toEqual(x.shape)
    expect(batchNorm.backward(x, saved).dx.shape).toEqual(x.shape)
    expect(batchNorm.forward(x, {}, { training: false, state }).y.shape).toEqual(x.shape)
  })

  test('JAX cec06d116c05, testStandardizeWhereMask: kept places are as if the others were not there', () => {
    const weights = f32([4, 1], [1, 0, 1, 1])
    const masked = numbers(batchNorm.forward(f32([4, 1], [5.5, 1.3, -4.2, 0.9]), {}, { weights }).y)
    expectNear(batchNorm.forward(f32([3, 1], [5.5, -4.2, 0.9])).y, [masked[0], masked[2], masked[3]])
  })

  test('JAX cec06d116c05, testStandardizeStableAlgorithm', () => {
    const { y } = layerNorm.forward(f32([1, 3], [1e6, 1e6 + 1, 1e6 + 2]))
    expectNear(y, [-1.2247, 0, 1.2247], 4)
  })

  test('Flax 18f8f311c275, linen_test.py: InstanceNorm = LayerNorm over space = GroupNorm of single channels', () => {
    const x = randomTensor([2, 5, 4, 3], 1)
    const instance = instanceNorm.forward(x).y
    // Each example and channel is a row of its own.
    const overSpace = layerNorm.forward(x, {}, { axes: { n: 0, s: 3, c: [1, 2] } }).y
    expect(greatestError(overSpace.data, instance.data)).toBeLessThan(1e-14)
    expect(greatestError(groupNorm.forward(x, {}, { g: 3 }).y.data, instance.data)).toBeLessThan(1e-14)
  })

  test.each([
    ['LayerNorm', layerNorm, 64],
    ['LayerNorm', layerNorm, 8192],
    ['RMSNorm', rmsNorm, 64],
    ['RMSNorm', rmsNorm, 8192],
  ] as const)('MLX 846d176227a0, test_fast.py: float32 gradients of %s within 1e-5', (_, record, size) => {
    const variant = record as unknown as AnyNorm
    const [x, dy, gamma] = [randomTensor([2, size], 1), randomTensor([2, size], 2), randomTensor([size], 3)]
    const pull = (cast: (t: Tensor) => Tensor) => {
      const { saved } = variant.forward(cast(x), { gamma: cast(gamma) })
      return variant.backward(cast(dy), saved)
    }
    const single = (t: Tensor) => ({ ...t, data: Float32Array.from(t.data) })
    const [fast, exact] = [pull(single), pull((t) => ({ ...t, data: Float64Array.from(single(t).data) }))]
    expect(greatestError(fast.dx.data, exact.dx.data)).toBeLessThan(1e-5)
    expect(greatestError(fast.dgamma.data, exact.dgamma.data)).toBeLessThan(1e-5)
  })

  test('MLX 846d176227a0, test_fast.py: the second-order gradient of beta is 0', () => {
    const [x, dy, v] = [1, 2, 3].map((seed) => randomTensor([3, 5], seed))
    const params = { gamma: randomTensor([5], 4), beta: randomTensor([5], 5) }
    const second = secondOrder(layerNorm as unknown as AnyNorm, { x, params, options: {} }, dy, v)
    expect(Array.from(second.beta, Math.abs)).toEqual([0, 0, 0, 0, 0])
  })
})
