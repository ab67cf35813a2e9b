import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  emptyMoments,
  histogramOf,
  mergeMoments,
  momentsOf,
  NormlabError,
  summaryOf,
  varianceOf,
} from '../src/index.ts'
import { normals } from '../src/testing/index.ts'

const column = (values: readonly number[]) =>
  momentsOf({ data: Float64Array.from(values), shape: [values.length, 1] })

describe('moments merge', () => {
  test('any split gives the moments of the whole', () => {
    const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 40 })
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const whole = column([...a, ...b, ...c])
        for (const merged of [
          mergeMoments(mergeMoments(column(a), column(b)), column(c)),
          mergeMoments(column(a), mergeMoments(column(b), column(c))),
        ]) {
          expect(merged.count[0]).toBe(whole.count[0])
          expect(merged.mean[0]).toBeCloseTo(whole.mean[0], 9)
          expect(merged.m2[0]).toBeCloseTo(whole.m2[0], 5)
        }
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  test('a large mean does not eat the variance', () => {
    const values = Array.from(normals(4000, 1), (value) => 1e9 + value)
    const merged = mergeMoments(column(values.slice(0, 1000)), column(values.slice(1000)))
    const exact = summaryOf(values.map((value) => value - 1e9))
    expect(varianceOf(merged)[0] / exact.variance).toBeCloseTo(1, 6)
  })

  test('nothing merged with nothing is nothing, and NaN does not appear', () => {
    const nothing = mergeMoments(emptyMoments(2), emptyMoments(2))
    expect(nothing).toEqual(emptyMoments(2))
    expect([...varianceOf(nothing)]).toEqual([NaN, NaN])
    const one = column([5])
    expect(mergeMoments(emptyMoments(1), one)).toEqual(one)
    expect(varianceOf(one, 'unbiased')[0]).toBeNaN()
    expect(() => mergeMoments(one, emptyMoments(2))).toThrow(NormlabError)
  })

  test('weights: 0 leaves a value out, NaN included; an integer repeats it', () => {
    const x = { data: Float64Array.of(1, NaN, 4, 10), shape: [4, 1] }
    const weights = { data: Float64Array.of(2, 0, 1, 1), shape: [4, 1] }
    const weighted = momentsOf(x, 'n s c -> c', { weights })
    expect(weighted).toEqual(column([1, 1, 4, 10]))
    const wide = momentsOf({ data: Float64Array.of(1, 5, 2, 6), shape: [2, 2] }, 'n c -> c', {
      weights: { data: Float64Array.of(3, 1), shape: [2, 1] },
    })
    expect(wide.mean).toEqual(Float64Array.of(1.25, 5.25))
    expect(wide.m2).toEqual(Float64Array.of(0.75, 0.75))
  })
})

describe('distributions', () => {
  test('every value is counted once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6 })),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        (values, bins, ranged) => {
          const { counts, outside, notFinite } = histogramOf(values, {
            bins,
            ...(ranged ? { min: -1, max: 1 } : {}),
          })
          expect(counts).toHaveLength(bins)
          expect(counts.reduce((a, b) => a + b, 0) + outside + notFinite).toBe(values.length)
        },
      ),
      { seed: 1 },
    )
  })

  test('edges: the last bin includes max; constants get a range around them; nothing is fine', () => {
    expect(histogramOf([0, 1, 2, 4], { bins: 4 }).counts).toEqual([1, 1, 1, 1])
    expect(histogramOf([3, 3])).toMatchObject({ min: 2.5, max: 3.5 })
    expect(histogramOf([1e20, 1e20]).counts.reduce((a, b) => a + b)).toBe(2)
    expect(summaryOf([])).toEqual({ count: 0, mean: 0, variance: 0, min: 0, max: 0 })
    expect(summaryOf([1, NaN, 3, Infinity])).toEqual({ count: 2, mean: 2, variance: 1, min: 1, max: 3 })
    expect(() => histogramOf([1], { bins: 0 })).toThrow('bins')
    expect(() => histogramOf([1], { min: 2, max: 1 })).toThrow('min')
  })
})
