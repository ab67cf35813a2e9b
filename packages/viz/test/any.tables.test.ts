/** Whatever the data: well-formed, no NaN, ids that are unique, and refusals that are NormlabErrors. */
import { planOf } from '@normlab/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flow, maskedNetwork, runningIndex, valueGrid, valueSteps } from '../src/index.ts'
import { loose, tone, width, word } from './arbitraries.ts'
import { checkedSvg } from './xml.ts'

test('valueGrid', () => {
  fc.assert(
    fc.property(
      width,
      word,
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
      fc.infiniteStream(loose),
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

test('valueGrid sets off a cell', () => {
  const one = { label: 'x', data: [1, 2, 3, 4], shape: [2, 2] }
  const plan = planOf('n c -> n', [2, 2])
  const draw = (highlight: number | null) => valueGrid([one], { plan, highlight, id: 'a' })
  expect(draw(0)).not.toBe(draw(1))
  expect(draw(null)).toBe(valueGrid([one], { plan, id: 'a' }))
  expect(() => draw(2)).toThrow('highlight: 2')
  expect(() => valueGrid([one], { highlight: 0 })).toThrow('highlight: 0')
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

test('runningIndex', () => {
  fc.assert(
    fc.property(
      width,
      fc.array(word, { minLength: 1, maxLength: 12 }),
      fc.array(word, { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(loose),
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

test('maskedNetwork', () => {
  const unit = fc.record({ value: loose, kept: fc.constantFrom(0, 1) })
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
