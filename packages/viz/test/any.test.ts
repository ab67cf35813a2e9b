/** Whatever the data: well-formed, no NaN, ids that are unique, and refusals that are NormlabErrors. */
import { histogramOf, NormlabError, planOf, summaryOf, type Distribution } from '@normlab/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  axes,
  axesFacts,
  bowlFacts,
  cloudFacts,
  clouds,
  driftBars,
  flow,
  lossContours,
  lossCurves,
  middleOf,
  operatingFacts,
  operatingRange,
  maskedNetwork,
  rankShift,
  ridgeline,
  runningIndex,
  sharedDomain,
  strips,
  valueGrid,
  valueSteps,
} from '../src/index.ts'
import { recordOf } from './figures.ts'
import { checkedSvg } from './xml.ts'

const width = fc.integer({ min: 200, max: 1200 })
const word = fc.string({ unit: 'binary', maxLength: 30 })
const anyNumber = fc.double({ min: -1e150, max: 1e150 })
const usual = fc.double({ min: -50, max: 50, noNaN: true })

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

const PATTERNS = [
  'n s c -> c',
  'n s c -> n',
  'n s c -> n c',
  'n s c -> n s',
  'n s c -> n s c',
  'n s c -> ',
  'o i -> o',
  'o i -> ',
  'i o -> o',
]
const SPLIT = [
  'n s (g k) -> n g',
  'n s (k g) -> n g',
  '(g k) s c -> g c',
  'n s (a g k) -> n a',
  'n (g k) -> g',
]

test('axes', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom(...PATTERNS), fc.constantFrom(...SPLIT)),
      fc.array(
        fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 7 }) }, fc.integer({ min: 0, max: 100 })),
        { minLength: 0, maxLength: 6 },
      ),
      fc.record(
        { g: fc.integer({ min: 1, max: 4 }), k: fc.integer({ min: 1, max: 4 }) },
        { requiredKeys: ['g'] },
      ),
      width,
      fc.record(
        {
          what: fc.constantFrom('statistic' as const, 'mask' as const),
          formula: fc.boolean(),
          name: word,
          title: word,
          cell: fc.nat(),
        },
        { requiredKeys: ['cell'] },
      ),
      (pattern, shape, sizes, w, { cell, ...options }) => {
        let facts
        try {
          facts = axesFacts(pattern, shape, { ...options, sizes })
        } catch (error) {
          expect(error).toBeInstanceOf(NormlabError)
          return
        }
        const highlight = facts.drawnCells ? cell % facts.drawnCells : null
        checkedSvg(axes(pattern, shape, { ...options, sizes, width: w, highlight }))
        expect(facts.cells * facts.count).toBe(shape.reduce((a, b) => a * b, 1))
        expect(facts.drawnCells).toBeLessThanOrEqual(Math.max(1, facts.cells))
      },
    ),
    { seed: 1, numRuns: 400 },
  )
})

test('any text as pattern is drawn or refused', () => {
  const piece = fc.constantFrom('n', 's', 'c', 'g', '(', ')', ' ', '->', '=', '<', 'k', 'x9')
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 14 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 5 }),
      (pieces, shape) => {
        try {
          checkedSvg(axes(pieces.join(''), shape, { sizes: { g: 1 } }))
        } catch (error) {
          expect(error).toBeInstanceOf(NormlabError)
        }
      },
    ),
    { seed: 1, numRuns: 400 },
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

test('maskedNetwork', () => {
  const value = fc.oneof(usual, anyNumber, fc.constantFrom(NaN, Infinity, -Infinity))
  const unit = fc.record({ value, kept: fc.constantFrom(0, 1) })
  const layer = fc.record({ label: word, units: fc.array(unit, { maxLength: 16 }), masked: fc.boolean() })
  fc.assert(
    fc.property(width, word, fc.array(layer, { maxLength: 8 }), (w, title, layers) => {
      const given = layers.map(({ label, units, masked }) => ({
        label,
        values: units.map((one) => one.value),
        ...(masked ? { kept: units.map(({ kept }) => kept) } : {}),
      }))
      const svg = maskedNetwork(given, { width: w, title, caption: title })
      checkedSvg(svg)
      const dropped = layers.flatMap(({ units, masked }) => units.filter(({ kept }) => masked && !kept))
      expect(svg.split('stroke-dasharray').length - 1).toBe(dropped.length)
    }),
    { seed: 1, numRuns: 200 },
  )
  const one = { label: 'a', values: [1, 2] }
  // 2 by 2 connections, of which the dropped unit takes two away.
  const wires = (svg: string) => svg.split('M').length - 1
  expect(wires(maskedNetwork([one, one]))).toBe(4)
  expect(wires(maskedNetwork([one, { ...one, kept: [1, 0] }]))).toBe(2)
  expect(maskedNetwork([{ ...one, kept: [1, 0] }])).toContain('a: 2 units, dropped 2.')
  expect(maskedNetwork([{ ...one, kept: [1, 1] }])).toContain('none dropped')
  expect(() => maskedNetwork([{ ...one, kept: [1] }])).toThrow('layers[0].kept')
  expect(() => maskedNetwork([{ label: 'a', values: Array.from({ length: 17 }, () => 0) }])).toThrow(
    'layers[0]',
  )
  expect(() => maskedNetwork(Array.from({ length: 9 }, () => one))).toThrow('layers')
})

test('valueGrid', () => {
  const value = fc.oneof(usual, anyNumber, fc.constantFrom(NaN, Infinity, -Infinity))
  fc.assert(
    fc.property(
      width,
      word,
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
      fc.infiniteStream(value),
      fc.nat({ max: 3 }),
      fc.nat({ max: 6 }),
      (w, title, shape, stream, count, digits) => {
        const size = shape.reduce((a, b) => a * b, 1)
        const panels = Array.from({ length: count }, () => ({
          label: title,
          data: [...stream.take(size)],
          shape,
        }))
        const draw = () =>
          valueGrid(panels, {
            width: w,
            title,
            digits,
            plan: planOf('s ->', shape, { axes: { s: shape.map((_, i) => i) } }),
          })
        if (size > 400 && count) expect(draw).toThrow('panels[0]')
        else checkedSvg(draw())
      },
    ),
    { seed: 1, numRuns: 200 },
  )
  const one = { label: 'x', data: [1, 2], shape: [2] }
  expect(() => valueGrid([one, { ...one, shape: [1, 2] }])).toThrow('panels[1].shape')
  expect(() => valueGrid([{ ...one, shape: [3] }])).toThrow('panels[0]')
  expect(() => valueGrid([one], { plan: planOf('c ->', [3]) })).toThrow('plan.shape')
  expect(valueGrid([one], { plan: planOf('c ->', [2]) })).toContain('They are one cell.')
})

const loose = fc.oneof(usual, anyNumber, fc.constantFrom(NaN, Infinity, -Infinity))
const tone = fc.constantFrom('with' as const, 'without' as const, undefined)

test('flow', () => {
  const block = fc.record({
    label: word,
    detail: fc.option(word, { nil: undefined }),
    tone,
    passes: fc.oneof(word, fc.array(word, { maxLength: 3 })),
  })
  fc.assert(
    fc.property(width, word, fc.array(block, { maxLength: 12 }), (w, title, blocks) => {
      checkedSvg(flow(blocks, { width: w, title }))
    }),
    { seed: 1, numRuns: 200 },
  )
  expect(() => flow([{ label: 'a', passes: ['1', '2', '3', '4'] }])).toThrow('blocks[0]')
  expect(() => flow([{ label: 'a', tone: 'red' as never }])).toThrow('blocks[0].tone')
  // The same blocks stand beside one another where there is room, and below one another where there is none.
  const chain = ['a', 'b', 'c'].map((label) => ({ label, passes: 'a long word or two' }))
  const size = (w: number) => /viewBox="0 0 \d+ (\d+)"/.exec(flow(chain, { width: w }))![1]
  expect(Number(size(288))).toBeGreaterThan(2 * Number(size(640)))
})

test('valueSteps', () => {
  const step = fc.record({
    name: word,
    formula: fc.option(word, { nil: undefined }),
    values: fc.array(loose, { maxLength: 64 }),
    placed: fc.boolean(),
  })
  fc.assert(
    fc.property(
      width,
      fc.array(step, { maxLength: 6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat({ max: 70 }),
      (w, steps, share, follow) => {
        const at = Math.round(share * steps.length)
        checkedSvg(valueSteps(steps, { width: w, step: at, follow, xLabel: steps[0]?.name }))
      },
    ),
    { seed: 1, numRuns: 200 },
  )
  const steps = [
    { name: 'x', values: [1, 2] },
    { name: 'mean', values: [1.5] },
  ]
  expect(valueSteps(steps, { step: 1 })).not.toContain('1.50')
  expect(valueSteps(steps)).toContain('1.50')
  expect(() => valueSteps(steps, { step: 3 })).toThrow('step')
  expect(() => valueSteps([{ name: 'x', values: new Float64Array(65) }])).toThrow('steps[0]')
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

test('runningIndex', () => {
  const value = fc.oneof(usual, anyNumber, fc.constantFrom(NaN, Infinity, -Infinity))
  fc.assert(
    fc.property(
      width,
      fc.array(word, { minLength: 1, maxLength: 12 }),
      fc.array(word, { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(value),
      fc.constantFrom('samples' as const, 'features' as const),
      fc.nat(),
      (w, samples, features, stream, over, seed) => {
        const table = { samples, features, values: [...stream.take(samples.length * features.length)] }
        const at = seed % (over === 'samples' ? features.length : samples.length)
        checkedSvg(runningIndex(table, { width: w, over, at }))
      },
    ),
    { seed: 1, numRuns: 200 },
  )
  const table = { samples: ['A'], features: ['x', 'y'], values: [1, 5] }
  expect(runningIndex(table, { over: 'features' })).toContain('of sample A: mean 3, sd 2.')
  expect(runningIndex(table, { at: 1 })).toContain('of feature y: mean 5, sd 0.')
  expect(() => runningIndex(table, { at: 2 })).toThrow('at: 2')
  expect(() => runningIndex({ ...table, values: [1] })).toThrow('table')
  expect(() => runningIndex({ ...table, samples: [] })).toThrow('table')
  expect(() => runningIndex(table, { over: 'rows' as never })).toThrow('over')
})

test('valueGrid sets off a cell', () => {
  const one = { label: 'x', data: [1, 2, 3, 4], shape: [2, 2] }
  const plan = planOf('n c -> n', [2, 2])
  const draw = (highlight: number | null) => valueGrid([one], { plan, highlight, id: 'a' })
  expect(draw(0)).not.toBe(draw(1))
  expect(draw(null)).toBe(valueGrid([one], { plan, id: 'a' }))
  expect(() => draw(2)).toThrow('highlight: 2')
  expect(() => valueGrid([one], { highlight: 0 })).toThrow('highlight: 0')
})

const great = fc.double({ min: -1e300, max: 1e300, noNaN: true })
const anyPoint = fc.tuple(fc.oneof(loose, great), fc.oneof(loose, great))

test('lossContours', () => {
  const half = fc.oneof(usual, fc.double({ min: -1e70, max: 1e70, noNaN: true }))
  const bowl = fc.record({
    name: word,
    tone,
    // A Aᵀ bends downward nowhere.
    hessian: fc
      .tuple(half, half, half)
      .map(([a, b, c]) => [a * a, a * b, b * b + c * c] as [number, number, number]),
    minimum: fc.tuple(fc.oneof(usual, great), fc.oneof(usual, great)),
    path: fc.option(fc.array(anyPoint, { maxLength: 300 }), { nil: undefined }),
  })
  fc.assert(
    fc.property(width, word, fc.array(bowl, { maxLength: 6 }), (w, title, bowls) => {
      checkedSvg(lossContours(bowls, { width: w, title, xLabel: title, caption: title }))
      for (const one of bowls) {
        const { condition } = bowlFacts(one)
        expect(Number.isNaN(condition) || condition >= 1).toBe(true)
      }
    }),
    { seed: 1, numRuns: 200 },
  )
  const one = { name: 'a', minimum: [0, 0], hessian: [1, 0, 4], path: [[2, 0]] } as const
  expect(bowlFacts(one)).toEqual({ condition: 4, steps: 0, left: 1 })
  expect(bowlFacts({ ...one, path: [...one.path, [0, 0.5]] })).toEqual({ condition: 4, steps: 1, left: 0.25 })
  // Turned by 30 degrees, the bowl is as narrow as before.
  const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)]
  const turned = [cos * cos + 4 * sin * sin, 3 * cos * sin, sin * sin + 4 * cos * cos] as const
  expect(bowlFacts({ ...one, hessian: turned }).condition).toBeCloseTo(4, 12)
  // The ellipses are twice as long as high: the condition number is the ratio's square. On both axes the scale is one.
  const [, rx, ry] = /rx="([^"]+)" ry="([^"]+)"/.exec(lossContours([one]))!.map(Number)
  expect(Math.max(rx, ry) / Math.min(rx, ry)).toBeCloseTo(2, 1)
  expect(bowlFacts({ ...one, hessian: [1, 1, 1] }).condition).toBe(Infinity)
  expect(bowlFacts({ ...one, hessian: [0, 0, 0] }).condition).toBeNaN()
  expect(lossContours([{ ...one, hessian: [0, 0, 0] }])).toContain('flat everywhere')
  const bad = (part: object) => () => lossContours([{ ...one, ...part } as never])
  expect(bad({ hessian: [1, 0, -1] })).toThrow('bowls[0].hessian')
  expect(bad({ hessian: [1, 0] })).toThrow('bowls[0].hessian')
  expect(bad({ minimum: [NaN, 0] })).toThrow('bowls[0]')
  expect(bad({ path: [[1]] })).toThrow('bowls[0].path')
  expect(bad({ tone: 'red' })).toThrow('bowls[0].tone')
  expect(() => lossContours([{ ...one, minimum: [1, 0] }], { reach: 1e-20 })).toThrow('reach')
  expect(() => lossContours(Array.from({ length: 7 }, () => one))).toThrow('bowls')
})

test('clouds', () => {
  fc.assert(
    fc.property(
      width,
      word,
      fc.array(fc.record({ name: word, tone, points: fc.array(anyPoint, { maxLength: 500 }) }), {
        maxLength: 6,
      }),
      fc.option(fc.double({ min: 1e-100, max: 1e100, noNaN: true }), { nil: undefined }),
      fc.nat(),
      (w, title, given, reach, seed) => {
        const shown = given.map((cloud) => ({
          ...cloud,
          reach,
          ...(cloud.points.length ? { marks: { [title]: seed % cloud.points.length } } : {}),
        }))
        checkedSvg(clouds(shown, { width: w, title }))
      },
    ),
    { seed: 1, numRuns: 200 },
  )
  const square = [
    [3, 1],
    [-1, 1],
    [3, -3],
    [-1, -3],
  ] as const
  expect(cloudFacts([...square, [NaN, 1]])).toEqual({
    count: 4,
    mean: [1, -1],
    covariance: [4, 0, 4],
    std: [2, 2],
    correlation: 0,
    condition: 1,
  })
  expect(cloudFacts(square.map(([x]) => [x, -x])).correlation).toBeCloseTo(-1, 12)
  expect(cloudFacts([[1, 2]]).correlation).toBeNaN()
  expect(() => clouds([{ name: 'a', points: square, marks: { A: 4 } }])).toThrow('clouds[0].marks')
  expect(() => clouds([{ name: 'a', points: [[1]] } as never])).toThrow('clouds[0]')
  expect(() => clouds([{ name: 'a', points: [], reach: 0 }])).toThrow('clouds[0].reach')
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
