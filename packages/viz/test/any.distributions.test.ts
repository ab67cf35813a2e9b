/** Whatever the data: well-formed, no NaN, ids that are unique, and refusals that are NormlabErrors. */
import { histogramOf, summaryOf, type Distribution } from '@normlab/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  driftBars,
  lossCurves,
  middleOf,
  operatingFacts,
  operatingRange,
  rankShift,
  ridgeline,
  sharedDomain,
  strips,
} from '../src/index.ts'
import { width, word, anyNumber, usual, loose, tone } from './arbitraries.ts'
import { recordOf } from './figures.ts'
import { checkedSvg } from './xml.ts'

const distribution = fc
  .record({
    values: fc.oneof(
      fc.array(usual, { maxLength: 60 }),
      fc.array(anyNumber, { maxLength: 20 }),
      fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 60 }),
    ),
    bins: fc.integer({ min: 1, max: 128 }),
    inside: fc.boolean(),
  })
  .map(({ values, bins, inside }): Omit<Distribution, 'epoch'> => ({
    layer: 'a',
    unit: null,
    side: 'post',
    histogram: histogramOf(values, inside ? { bins } : { bins, min: -1, max: 1 }),
    summary: summaryOf(values),
  }))

test('ridgeline', () => {
  fc.assert(
    fc.property(
      fc.array(distribution, { maxLength: 5 }),
      width,
      fc.record(
        {
          title: word,
          xLabel: word,
          caption: fc.oneof(word, fc.boolean()),
          tone: fc.constantFrom('with' as const, 'without' as const),
          smooth: fc.boolean(),
          ghost: fc.boolean(),
          overlap: fc.double({ min: 0, max: 3, noNaN: true }),
          heights: fc.constantFrom('area' as const, 'peak' as const),
        },
        { requiredKeys: [] },
      ),
      (rows, w, options) => {
        const record = recordOf(...rows.map((row, epoch) => ({ ...row, epoch })))
        checkedSvg(
          ridgeline(record, {
            ...options,
            width: w,
            rowLabel: (row) => `${options.title ?? 'row'} ${row.epoch}`,
          }),
        )
        const [low, high] = sharedDomain(record)
        expect(high).toBeGreaterThan(low)
      },
    ),
    { seed: 1, numRuns: 300 },
  )
})

test('rankShift, driftBars and lossCurves', () => {
  const value = fc.oneof(usual, anyNumber)
  fc.assert(
    fc.property(
      width,
      word,
      fc.array(fc.record({ id: fc.nat(), from: value, to: value }), { maxLength: 40 }),
      fc.array(fc.record({ label: word, without: fc.option(value), with: value }), { maxLength: 6 }),
      fc.array(
        fc.record({
          label: word,
          parts: fc.array(fc.record({ name: word, value: usual }), { maxLength: 5 }),
        }),
        { maxLength: 5 },
      ),
      fc.array(fc.record({ name: word, points: fc.array(fc.tuple(usual, value), { maxLength: 300 }) }), {
        maxLength: 5,
      }),
      fc.constantFrom('linear' as const, 'log' as const),
      (w, title, points, pairs, parts, series, yScale) => {
        checkedSvg(rankShift(points, { width: w, title }))
        checkedSvg(driftBars(pairs, { width: w, title, xLabel: title }))
        checkedSvg(driftBars(parts, { width: w, title }))
        const sorted = series.map((s) => ({ ...s, points: s.points.toSorted((a, b) => a[0] - b[0]) }))
        checkedSvg(lossCurves(sorted, { width: w, title, yScale }))
      },
    ),
    { seed: 1, numRuns: 200 },
  )
})

test('operatingRange', () => {
  const group = fc.record({ name: word, tone, values: fc.array(loose, { maxLength: 200 }) })
  const activation = fc.constantFrom('sigmoid' as const, 'tanh' as const, 'relu' as const)
  fc.assert(
    fc.property(width, activation, fc.array(group, { maxLength: 4 }), (w, of, groups) => {
      checkedSvg(operatingRange(groups, { width: w, activation: of, title: groups[0]?.name }))
      for (const { values } of groups) {
        const { slope, flat, linear } = operatingFacts(values, of)
        for (const share of [slope, flat, linear]) {
          expect(share).toBeGreaterThanOrEqual(0)
          expect(share).toBeLessThanOrEqual(1 + 1e-9)
        }
      }
    }),
    { seed: 1, numRuns: 200 },
  )
  expect(() => operatingRange([{ name: 'a', values: [1] }], { domain: [1, 1] })).toThrow('domain')
  expect(() => operatingRange([{ name: 'a', values: [1] }], { activation: 'step' as never })).toThrow(
    'activation',
  )
})

test('operatingFacts', () => {
  // On its straight side ReLU is a line; on the other it is flat, and so again a line.
  expect(operatingFacts([1, 2, 3], 'relu')).toEqual({ count: 3, slope: 1, flat: 0, linear: 1 })
  expect(operatingFacts([-1, -2, NaN], 'relu')).toEqual({ count: 2, slope: 0, flat: 1, linear: 1 })
  expect(operatingFacts([0], 'sigmoid').slope).toBe(1)
  expect(operatingFacts([10], 'sigmoid').slope).toBeCloseTo(1.8158e-4, 8)
  expect(operatingFacts([8.891035002385812e-162, -1.2344343635184595e-147], 'relu').linear).toBeCloseTo(1, 9)
  expect(operatingFacts([-1e-3, 0, 1e-3], 'tanh').linear).toBeCloseTo(1, 10)
  expect(operatingFacts([-20, -10, 10, 20], 'tanh').linear).toBeCloseTo(0.9, 7)
})

test('strips', () => {
  const domain = fc
    .tuple(fc.oneof(usual, anyNumber), fc.oneof(usual, anyNumber))
    .filter(([a, b]) => Math.abs(b - a) > 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-200))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as [number, number])
  const strip = fc.record({
    name: word,
    values: fc.array(loose, { maxLength: 100 }),
    domain,
    marked: fc.nat(),
  })
  fc.assert(
    fc.property(
      width,
      fc.array(fc.record({ name: word, strips: fc.array(strip, { maxLength: 4 }) }), { maxLength: 6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (w, groups, share) => {
        const given = groups.map(({ name, strips: all }) => ({
          name,
          strips: all.map(({ marked, ...one }) =>
            one.values.length && marked % 3 ? { ...one, mark: marked % one.values.length } : one,
          ),
        }))
        checkedSvg(strips(given, { width: w, share, title: groups[0]?.name }))
      },
    ),
    { seed: 1, numRuns: 200 },
  )
  const hundred = Array.from({ length: 101 }, (_, i) => 100 - i)
  expect(middleOf([...hundred, NaN], 0.5)).toEqual({ low: 25, high: 75, count: 101 })
  expect(middleOf([7])).toEqual({ low: 7, high: 7, count: 1 })
  expect(middleOf([]).low).toBeNaN()
  const one = { name: 'a', values: [1, 2, 50], domain: [0, 10] as const, mark: 2 }
  const draw = (part: object) => strips([{ name: 'g', strips: [{ ...one, ...part }] }])
  expect(draw({})).toContain('◆ at 50')
  expect(draw({ mark: 0 })).toContain('1 more outside')
  expect(() => draw({ mark: 3 })).toThrow('groups[0].strips[0].mark')
  expect(() => draw({ domain: [1, 1] })).toThrow('groups[0].strips[0].domain')
  expect(() => draw({ values: undefined })).toThrow('groups[0].strips[0]')
  expect(() => strips([{ name: 'g' } as never])).toThrow('groups[0]')
  expect(() => strips([], { share: 2 })).toThrow('share')
})
