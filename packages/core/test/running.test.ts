/** Running statistics, weights, and the cases that frameworks disagree about. */
import { describe, expect, test } from 'vitest'
import {
  batchNorm,
  instanceNorm,
  layerNorm,
  momentsOf,
  mergeMoments,
  norm,
  varianceOf,
  type RunningState,
} from '../src/index.ts'
import { greatestError } from '../src/testing/index.ts'
import { randomTensor } from './fixtures.ts'

const x = randomTensor([6, 2, 3], 1, 2, 5)

describe('BatchNorm, running statistics', () => {
  test('new = decay old + (1 - decay) batch, for the biased and the unbiased variance', () => {
    const moments = momentsOf(x)
    for (const variance of ['biased', 'unbiased'] as const) {
      const { state } = batchNorm.forward(x, {}, { decay: 0.75, variance })
      expect(
        greatestError(
          state.mean.data,
          moments.mean.map((mean) => 0.25 * mean),
        ),
      ).toBeLessThan(1e-6)
      expect(
        greatestError(
          state.variance.data,
          varianceOf(moments, variance).map((v) => 0.75 + 0.25 * v),
        ),
      ).toBeLessThan(1e-6)
      expect(state.count).toBe(1)
    }
  })

  test('cumulative averages all batches evenly', () => {
    let state: RunningState = batchNorm.initState(x.shape)
    const batches = [1, 2, 3].map((seed) => randomTensor([4, 3], seed, 1, seed))
    for (const batch of batches) state = batchNorm.forward(batch, {}, { state, decay: 'cumulative' }).state
    const means = batches.map((batch) => momentsOf(batch).mean)
    expect(
      greatestError(
        state.mean.data,
        means[0].map((_, c) => (means[0][c] + means[1][c] + means[2][c]) / 3),
      ),
    ).toBeLessThan(1e-6)
    expect(state.count).toBe(3)
  })

  test('inference: an example does not see its batch, and the state stays', () => {
    const { state } = batchNorm.forward(x, {}, { decay: 0 })
    const all = batchNorm.forward(x, {}, { training: false, state })
    expect(all.state).toBe(state)
    const alone = batchNorm.forward(
      { data: x.data.slice(0, 6), shape: [1, 2, 3] },
      {},
      { training: false, state },
    )
    expect(alone.y.data).toEqual(all.y.data.slice(0, 6))
    // decay 0 stores the batch's own statistics: inference repeats training.
    expect(greatestError(all.y.data, batchNorm.forward(x).y.data)).toBeLessThan(1e-6)
  })

  test('one value per channel: y is beta, variance 0 is stored, the unbiased one is left alone', () => {
    const one = randomTensor([1, 3], 1)
    const beta = randomTensor([3], 2)
    const { y, state, saved } = batchNorm.forward(one, { beta }, { decay: 0.5 })
    expect([...y.data]).toEqual([...beta.data])
    expect([...state.variance.data]).toEqual([0.5, 0.5, 0.5])
    expect(batchNorm.backward(one, saved).dx.data.every((value) => Math.abs(value) < 1e-9)).toBe(true)
    expect([...batchNorm.forward(one, {}, { variance: 'unbiased' }).state.variance.data]).toEqual([1, 1, 1])
  })

  test('an empty batch gives an empty y and leaves the state alone', () => {
    for (const data of [new Float32Array(0), new Float64Array(0)]) {
      const state = batchNorm.initState([2, 3])
      const gamma = { data: Float32Array.of(1, 2, 3), shape: [3] }
      const { y, state: next, saved } = batchNorm.forward({ data, shape: [0, 3] }, { gamma }, { state })
      expect(y.shape).toEqual([0, 3])
      expect(next).toBe(state)
      expect([...batchNorm.backward({ data, shape: [0, 3] }, saved).dgamma.data]).toEqual([0, 0, 0])
    }
  })

  test('synchronized = merged: two halves merge to the statistics of the whole', () => {
    const half = (from: number) => momentsOf({ data: x.data.slice(from, from + 18), shape: [3, 2, 3] })
    const merged = mergeMoments(half(0), half(18))
    const { saved } = batchNorm.forward(x)
    expect(greatestError(merged.mean, saved.mean!)).toBeLessThan(1e-12)
    expect(greatestError(varianceOf(merged), saved.variance!)).toBeLessThan(1e-12)
  })
})

describe('weights', () => {
  const mask = { data: Float64Array.of(1, 1, 0, 1, 0, 1), shape: [6, 1, 1] }
  const kept = [0, 1, 3, 5]
  const subset = {
    data: Float64Array.from(kept.flatMap((n) => [...x.data.slice(n * 6, n * 6 + 6)])),
    shape: [4, 2, 3],
  }

  test.each(['float32', 'float64'])(
    '%s: masked statistics are those of the subset; masked elements are still normalized',
    (type) => {
      const cast = (t: typeof x) => (type === 'float32' ? { ...t, data: Float32Array.from(t.data) } : t)
      const masked = batchNorm.forward(cast(x), {}, { weights: mask })
      const alone = batchNorm.forward(cast(subset))
      expect(
        greatestError(
          kept.flatMap((n) => [...masked.y.data.slice(n * 6, n * 6 + 6)]),
          alone.y.data,
        ),
      ).toBeLessThan(1e-6)
      expect(greatestError(masked.state.variance.data, alone.state.variance.data)).toBeLessThan(1e-6)
      expect(masked.y.data.slice(12, 18).every((value) => value !== 0 && Number.isFinite(value))).toBe(true)
      const dy = randomTensor([6, 2, 3], 9)
      const whole = batchNorm.forward(x, {}, { weights: mask })
      expect(
        greatestError(
          batchNorm.backward(dy, masked.saved).dx.data,
          batchNorm.backward(dy, whole.saved).dx.data,
        ),
      ).toBeLessThan(1e-6)
    },
  )

  test('NaN behind a mask does no harm, all masked gives beta', () => {
    for (const make of [Float32Array, Float64Array]) {
      const spoiled = {
        data: make.from(Array.from(x.data, (value, i) => (i >= 12 && i < 18 ? NaN : value))),
        shape: x.shape,
      }
      expect(batchNorm.forward(spoiled, {}, { weights: mask }).state.mean.data.every(Number.isFinite)).toBe(
        true,
      )
      const none = { data: new Float64Array(6), shape: [6, 1, 1] }
      const { state } = batchNorm.forward({ data: make.from(x.data), shape: x.shape }, {}, { weights: none })
      expect([...state.mean.data, ...state.variance.data]).toEqual([0, 0, 0, 1, 1, 1])
    }
  })
})

test('a tracked InstanceNorm is its record with running: c; cells that share an entry are averaged', () => {
  const tracked = norm({ ...instanceNorm, running: 'c', options: { ...instanceNorm.options, decay: 0.9 } })
  const { state } = tracked.forward(x, {}, { decay: 0 })
  const { saved } = instanceNorm.forward(x)
  for (let c = 0; c < 3; c++) {
    const cells = [0, 1, 2, 3, 4, 5].map((n) => saved.mean![n * 3 + c])
    expect(state.mean.data[c]).toBeCloseTo(cells.reduce((a, b) => a + b) / 6, 5)
  }
})

describe('extremes, float32', () => {
  const row = (values: number[]) =>
    layerNorm.forward({ data: Float32Array.from(values), shape: [1, values.length] }, {}, { epsilon: 1e-12 })
      .y.data
  test('constant rows give exactly 0, rows of length 1 too', () => {
    expect([...row([7.1, 7.1, 7.1])]).toEqual([0, 0, 0])
    expect([...row([5])]).toEqual([0])
  })
  test.each([1e-18, 1, 1e18, 1e30])('scale %d', (scale) => {
    expect(
      greatestError(
        row([1, 2, 3, 4].map((v) => v * scale)),
        [-1.5, -0.5, 0.5, 1.5].map((v) => v / Math.sqrt(1.25)),
      ),
    ).toBeLessThan(scale < 1 ? 1 : 1e-6)
  })
  test('a mean of 1e6 with a standard deviation of 1', () => {
    const values = Float32Array.from(randomTensor([1000], 1).data, (value) => 1e6 + value)
    const shifted = Float64Array.from(values, (value) => value - 1e6)
    const exact = layerNorm.forward({ data: shifted, shape: [1, 1000] }, {}, { epsilon: 1e-12 }).y.data
    expect(greatestError(row([...values]), exact)).toBeLessThan(2e-7)
  })
  test('NaN and Infinity stay in their cell', () => {
    const { y } = layerNorm.forward({ data: Float32Array.of(1, 2, NaN, 1, 2, 3), shape: [2, 3] })
    expect([...y.data.slice(0, 3)]).toEqual([NaN, NaN, NaN])
    expect(y.data.slice(3).every(Number.isFinite)).toBe(true)
  })
})
