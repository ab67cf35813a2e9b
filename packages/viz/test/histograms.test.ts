/** Histograms and networks of them, whatever the data. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { histograms, unitNetwork, unitPlaces } from '../src/index.ts'
import { checkedSvg, descOf } from './xml.ts'

const width = fc.integer({ min: 200, max: 1200 })
const word = fc.string({ unit: 'binary', maxLength: 30 })
const value = fc.oneof(
  fc.double({ min: -50, max: 50, noNaN: true }),
  fc.double({ min: -1e150, max: 1e150 }),
  fc.constantFrom(NaN, Infinity, -Infinity, 0, 0),
)
const fill = fc.constantFrom('open' as const, 'solid' as const, 'hatched' as const, undefined)

test('histograms', () => {
  const rows = fc
    .nat({ max: 60 })
    .chain((count) =>
      fc.array(
        fc.record({ label: word, fill, values: fc.array(value, { minLength: count, maxLength: count }) }),
        { maxLength: 6 },
      ),
    )
  fc.assert(
    fc.property(width, word, rows, fc.nat({ max: 40 }), (w, title, given, threads) => {
      checkedSvg(histograms(given, { width: w, title, threads, xLabel: title, caption: title }))
    }),
    { seed: 1, numRuns: 120 },
  )
})

test('histograms say mean, deviation and a heap of equal values', () => {
  const said = (values: number[]): string => descOf(checkedSvg(histograms([{ label: 'a', values }])))
  expect(said([0, 0, 3, 5])).toBe('a: mean 2.00 ± 2.12, 50% exactly 0.')
  expect(said([4, 4, 4])).toContain('all exactly alike')
  expect(said([1, 2, 3])).toBe('a: mean 2.000 ± 0.816.')
  expect(said([NaN, 1])).toContain('1 not finite')
  expect(said([Infinity])).toBe('a: none of 1 finite.')
  expect(said([])).toBe('a: no value.')
})

test('histograms: bars add up to the values, and threads lead from the first row’s place to the last’s', () => {
  const [pre, post] = [
    [-4, -2, 0, 2],
    [0, 0, 0, 2],
  ]
  const rows = [
    { label: 'pre', values: pre },
    { label: 'post', values: post },
  ]
  const svg = histograms(rows, { width: 288, threads: 4, id: 'a' })
  const [lines] = [...svg.matchAll(/<path d="(M[^"]*)" fill="none"/g)].map(([, d]) => d)
  const ends = lines
    .split('M')
    .slice(1)
    .map((d) => d.split('L').map((point) => Number(point.split(',')[0])))
  expect(ends).toHaveLength(4)
  // The domain is -4 to 2, the axis 256 px from 16 px on.
  const x = (v: number): number => 16 + ((v + 4) / 6) * 256
  for (const [i, [from, to]] of ends.entries()) {
    expect(from).toBeCloseTo(x(pre[i]), 1)
    expect(to).toBeCloseTo(x(post[i]), 1)
  }
  // Bars of the second row: three in one bin, one in another, to the scale of the highest.
  const bars = [...svg.matchAll(/<path d="([^"]*Z)"/g)].map(([, d]) =>
    [...d.matchAll(/v-([\d.]+)h/g)].map(([, h]) => Number(h)),
  )
  expect(bars[1].map((h) => h / bars[1][0])).toEqual([1, expect.closeTo(1 / 3, 2)])
})

test('histograms refuse', () => {
  const one = { label: 'a', values: [1, 2] }
  expect(() => histograms([one, { ...one, values: [1] }], { threads: 1 })).toThrow('rows[1].values')
  expect(() => histograms([{ ...one, fill: 'red' as never }])).toThrow('rows[0].fill')
  expect(() => histograms([{ label: 'a' } as never])).toThrow('rows[0]')
  expect(() => histograms([one], { domain: [1, 1] })).toThrow('domain')
  expect(() => histograms([one], { threads: 41 })).toThrow('threads')
  expect(() => histograms(Array.from({ length: 7 }, () => one))).toThrow('rows')
})

const point = fc.record({ label: word, fill, values: fc.array(value, { maxLength: 30 }) })
const network = fc.array(
  fc.record({
    label: word,
    units: fc.array(fc.array(point, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
  }),
  { maxLength: 6 },
)

test('unitNetwork, and the places of its units', () => {
  fc.assert(
    fc.property(width, word, network, fc.nat(), (w, title, layers, seed) => {
      const { places, height } = unitPlaces(layers, { width: w, title })
      const chosen = places.length ? places[seed % places.length] : undefined
      const tapped = chosen && ([chosen.layer, chosen.unit] as const)
      const svg = unitNetwork(layers, { width: w, title, tapped })
      checkedSvg(svg)
      expect(svg).toContain(`viewBox="0 0 ${w} ${Math.ceil(height)}"`)
      expect(places.map(({ layer, unit }) => `${layer} ${unit}`)).toEqual(
        layers.flatMap(({ units }, l) => units.map((_, u) => `${l} ${u}`)),
      )
      for (const [i, a] of places.entries()) {
        expect(a.x).toBeGreaterThanOrEqual(0)
        expect(a.x + a.width).toBeLessThanOrEqual(w + 1e-6)
        expect(a.y + a.height).toBeLessThanOrEqual(height)
        for (const b of places.slice(i + 1))
          expect(a.x + a.width <= b.x + 1e-6 || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true)
      }
    }),
    { seed: 1, numRuns: 100 },
  )
})

test('unitNetwork: boxes stand where unitPlaces says, and wires lead into the tapped unit', () => {
  const unit = (...values: number[]) => [{ label: 'z', values }]
  const layers = [
    { label: 'in', units: [unit(1), unit(2), unit(3)] },
    { label: 'out', units: [unit(4, 5), unit(6, 8)] },
  ]
  const svg = unitNetwork(layers, { width: 300, tapped: [1, 1] })
  for (const { x, y } of unitPlaces(layers, { width: 300 }).places)
    expect(svg).toMatch(new RegExp(`<rect x="${x}" y="${y}"`))
  const strong = /d="([^"]*)" fill="none" stroke="[^"]*" stroke-width="1\.6"/.exec(svg)![1]
  const to = unitPlaces(layers, { width: 300 }).places.at(-1)!
  expect(
    strong
      .split('M')
      .slice(1)
      .map((d) => d.split('L')[1]),
  ).toEqual([0, 1, 2].map(() => `${to.x},${to.y + to.height / 2}`))
  expect(descOf(checkedSvg(svg))).toBe('in: 3 units, out: 2 units. Set off: out, unit 2; z mean 7.00 ± 1.00.')
  expect(() => unitNetwork(layers, { tapped: [1, 2] })).toThrow('tapped')
  expect(() => unitNetwork([{ label: 'a', units: [[]] }])).toThrow('layers[0].units[0]')
  expect(() => unitNetwork([{ label: 'a', units: [[{ label: 'z' } as never]] }])).toThrow(
    'layers[0].units[0][0]',
  )
  expect(() => unitPlaces([{ label: 'a' } as never])).toThrow('layers[0]')
})
