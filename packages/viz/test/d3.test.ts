/** d3 is the oracle of what is written anew here, because its bundles do not shake: 12 kB gzip for three functions. */
import { ticks as d3ticks, tickStep } from 'd3-array'
import { curveMonotoneX, curveStepAfter, line } from 'd3-shape'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { monotone, steps } from '../src/figure/curve.ts'
import { isRange } from '../src/figure/range.ts'
import { nice, ticks } from '../src/figure/ticks.ts'

// On a grid: off it, d3 and this may differ in the last bit, and hence by a tick at the very edge.
const bound = fc
  .tuple(fc.integer({ min: -100_000, max: 100_000 }), fc.integer({ min: -9, max: 9 }))
  .map(([digits, power]) => Number(`${digits}e${power}`))
const range = fc
  .tuple(bound, bound)
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)])
  .filter(([a, b]) => isRange(a, b))

test('ticks are those of d3-array', () => {
  fc.assert(
    fc.property(range, fc.integer({ min: 1, max: 20 }), ([low, high], count) => {
      expect(ticks(low, high, count)).toEqual(d3ticks(low, high, count).map((v) => v || 0))
    }),
    { seed: 1, numRuns: 2000 },
  )
})

test('nice widens, by less than a step, to what d3-array finds round', () => {
  fc.assert(
    fc.property(range, fc.integer({ min: 2, max: 20 }), ([low, high], count) => {
      const [a, b] = nice(low, high, count)
      const step = Math.abs(tickStep(low, high, count))
      expect(a).toBeLessThanOrEqual(low + 1e-8 * step)
      expect(b).toBeGreaterThanOrEqual(high - 1e-8 * step)
      expect(low - a).toBeLessThan(step)
      expect(b - high).toBeLessThan(step)
      for (const end of [a, b]) expect(Math.abs(end / step - Math.round(end / step))).toBeLessThan(1e-6)
    }),
  )
})

const numbers = (d: string): number[] => (d.match(/-?[\d.]+/g) ?? []).map(Number)

test('curves are those of d3-shape', () => {
  const points = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -200, max: 200 })), {
      minLength: 2,
      maxLength: 20,
    })
    .map((list) => {
      let x = 0
      return list.map(([step, y]): [number, number] => [(x += step), y])
    })
  fc.assert(
    fc.property(points, (list) => {
      const own = numbers(monotone(list))
      const other = numbers(line().curve(curveMonotoneX).digits(6)(list)!.replace('L', 'C'))
      if (list.length > 2) {
        expect(own).toHaveLength(other.length)
        own.forEach((value, i) => expect(Math.abs(value - other[i])).toBeLessThan(0.0501))
      }
      const ends = numbers(steps(list)).slice(-2)
      expect(ends).toEqual(numbers(line().curve(curveStepAfter)(list)!).slice(-2))
    }),
  )
})
