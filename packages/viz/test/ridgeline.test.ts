import { histogramOf, NormlabError, summaryOf, type Distribution } from '@normlab/core'
import { describe, expect, test } from 'vitest'
import {
  distributionTable,
  ridgeline,
  ridgelineCaption,
  sharedDomain,
  standalone,
  type RidgelineOptions,
} from '../src/index.ts'
import { bell, chain, drifting, recordOf, steady } from './figures.ts'
import { checkedSvg, descOf, textOf } from './xml.ts'

const of = (epoch: number, values: readonly number[], extra: Partial<Distribution> = {}): Distribution => ({
  epoch,
  layer: 'dense_1',
  unit: 0,
  side: 'pre',
  histogram: histogramOf(values),
  summary: summaryOf(values),
  ...extra,
})

const relu = (epoch: number): Distribution =>
  of(
    epoch,
    chain(2000).map((v) => Math.max(0, v)),
    { side: 'post' },
  )
const gaussian = (n: number): number[] => {
  const v = chain(12 * n)
  return Array.from({ length: n }, (_, i) => v.slice(12 * i, 12 * i + 12).reduce((a, b) => a + b, 0) / 2)
}

const edgeCases: [string, Distribution[], RidgelineOptions, RegExp][] = [
  ['no rows', [], {}, /No distribution/],
  ['no value', [of(0, [])], {}, /no finite value/],
  ['one value', [of(0, [2.5])], {}, /all near 2.5/],
  [
    'a constant',
    [
      of(
        0,
        Array.from({ length: 100 }, () => -1),
      ),
    ],
    {},
    /all near −1.0/,
  ],
  ['NaN only', [of(0, [NaN, NaN, Infinity])], {}, /all 3 not finite/],
  ['some NaN', [of(0, [...gaussian(99), NaN])], {}, /1 not finite/],
  [
    '1e5 counts',
    [bell(0, 0, 1), { ...bell(1, 0, 1), summary: { ...bell(1, 0, 1).summary, count: 100_000 } }],
    {},
    /mean/,
  ],
  ['an outlier', [of(0, [...gaussian(500), 1e6])], { domain: [-3, 3] }, /bins .* wide/],
  ['mass outside', [bell(0, 0, 1)], { domain: [0, 3] }, /‹ 5[01]%/],
  ['mass outside, narrow', [bell(0, 0, 1)], { domain: [0, 3], width: 280 }, /‹ 5[01]%/],
  [
    'values in no bin',
    [of(0, gaussian(100), { histogram: histogramOf(gaussian(100), { min: -1, max: 1 }) })],
    {},
    /in no bin/,
  ],
  ['ReLU', [relu(0), relu(1)], {}, /% near 0/],
  ['huge numbers', [of(0, [1e300, 2e300, 3e300])], {}, /e300/],
  ['tiny numbers', [of(0, [1e-300, 2e-300, 3e-300])], {}, /e−300/],
  [
    'long words',
    [bell(0, 0, 1)],
    {
      rowLabel: () => 'word '.repeat(40),
      xLabel: 'quantity '.repeat(40),
      title: 'title '.repeat(40),
      width: 280,
    },
    /title/,
  ],
  [
    'markup in words',
    [bell(0, 0, 1, { layer: '<script>alert(1)</script>' })],
    { title: '"<b>&\u0000', id: 'x' },
    /<script>/,
  ],
  ['a single width', [bell(0, 0, 1)], { width: 200 }, /epoch 0/],
]

describe('ridgeline draws', () => {
  test.each(edgeCases)('%s', (_name, rows, options, says) => {
    const page = checkedSvg(ridgeline(recordOf(...rows), options))
    expect(textOf(page)).toMatch(says)
  })

  test('rows from the first on top, each with its label, and says the finding', () => {
    const page = checkedSvg(ridgeline(drifting, { tone: 'without' }))
    const labels = [...page.getElementsByTagName('text')]
      .map((t) => t.textContent)
      .filter((t) => t!.startsWith('epoch'))
    expect(labels).toEqual([1, 2, 5, 10, 20, 30].map((epoch) => `epoch ${epoch}`))
    expect(descOf(page)).toBe(
      'Without normalization, the pre-activation of unit 3 of layer dense_1: from epoch 1 to epoch 30 the mean goes from −0.08 to −2.50, and the standard deviation goes from 0.59 to 1.01.',
    )
    expect(descOf(page)).toBe(ridgelineCaption(drifting, { tone: 'without' }))
  })

  test('a few well-spread epochs when there are many', () => {
    const many = recordOf(...Array.from({ length: 61 }, (_, i) => bell(i, 0, 1)))
    const page = checkedSvg(ridgeline(many))
    const labels = [...page.getElementsByTagName('text')]
      .map((t) => t.textContent)
      .filter((t) => t!.startsWith('epoch'))
    expect(labels).toEqual([0, 10, 20, 30, 40, 50, 60].map((epoch) => `epoch ${epoch}`))
    expect(textOf(page)).toContain('54 of 61 recorded epochs are not drawn')
  })

  test('a spike without flattening the rest', () => {
    const svg = ridgeline(recordOf(relu(0), relu(1)))
    const outline = /id="[^"]*-0" d="([^"]*)"/.exec(svg)![1]
    const heights = [...outline.matchAll(/[ ,](\d+(?:\.\d+)?)(?=[LCZ]|$)/g)].map((match) => Number(match[1]))
    expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(30)
  })

  test('no density below its baseline', () => {
    const svg = ridgeline(drifting, { domain: [-8, 8] })
    for (const [, d] of svg.matchAll(/<path id="[^"]*-\d+" d="([^"]*)"/g)) {
      const ys = [...d.matchAll(/-?[\d.]+,(-?[\d.]+)/g)].map((match) => Number(match[1]))
      expect(Math.max(...ys)).toBeLessThanOrEqual(ys[0] + 0.051)
    }
  })

  test('two figures on a page without an id that stands twice', () => {
    checkedSvg(
      `<svg aria-labelledby="">${ridgeline(drifting)}${ridgeline(steady)}</svg>`
        .replace('aria-labelledby=""', 'aria-labelledby="a-title a-desc"')
        .replace('>', '><g id="a-title"/><g id="a-desc"/>'),
    )
  })

  test('a file of its own, which follows the system', () => {
    checkedSvg(standalone(ridgeline(steady)))
    expect(standalone(ridgeline(steady))).toMatch(/^<svg [^>]*><style>:root\{color-scheme:light dark/)
  })

  test('one tone apart from the other without colour', () => {
    expect(ridgeline(steady, { tone: 'with' })).toContain('-hatch)')
    expect(ridgeline(steady, { tone: 'without' })).not.toContain('-hatch)')
    expect(textOf(checkedSvg(ridgeline(steady, { tone: 'with' })))).toContain('with normalization')
  })
})

const two = recordOf(bell(0, 0, 1), bell(0, 0, 1, { unit: 4 }))
const both = recordOf(bell(0, 0, 1), bell(0, 0, 1, { side: 'post' }))
const layers = recordOf(bell(0, 0, 1), bell(0, 0, 1, { layer: null }))
const refused: [string, () => unknown, string, RegExp][] = [
  ['unit', () => ridgeline(two), 'unit', /several.*3, 4/],
  ['side', () => ridgeline(both), 'side', /"pre", "post"/],
  ['layer', () => ridgeline(layers), 'layer', /"dense_1", null/],
  ['a layer that is not there', () => ridgeline(two, { layer: 'x' }), 'layer', /There is "dense_1"/],
  ['an epoch that is not there', () => ridgeline(drifting, { epochs: [1, 3] }), 'epochs', /3 is not in/],
  ['epochs that are no list', () => ridgeline(drifting, { epochs: 3 as never }), 'epochs', /list/],
  [
    'the same epoch twice',
    () => ridgeline(recordOf(bell(1, 0, 1), bell(1, 0, 1))),
    'record',
    /epoch 1 stands twice/,
  ],
  ['no record', () => ridgeline(null as never), 'record', /normlab-distributions-1/],
  [
    'a broken histogram',
    () =>
      ridgeline(
        recordOf({ ...bell(0, 0, 1), histogram: { min: 1, max: 0, counts: [1], outside: 0, notFinite: 0 } }),
      ),
    'record',
    /distributions\[0\]/,
  ],
  [
    'a broken summary',
    () =>
      ridgeline(
        recordOf({ ...bell(0, 0, 1), summary: { count: 1, mean: NaN, variance: 0, min: 0, max: 0 } }),
      ),
    'record',
    /summary/,
  ],
  ['width', () => ridgeline(steady, { width: 20 }), 'width', /200 to 4000/],
  ['domain', () => ridgeline(steady, { domain: [1, 1] }), 'domain', /min below max/],
  ['tone', () => ridgeline(steady, { tone: 'blue' as never }), 'tone', /"without" or "with"/],
  ['rowHeight', () => ridgeline(steady, { rowHeight: -1 }), 'rowHeight', /20 to 400/],
  ['id', () => ridgeline(steady, { id: '1 x' }), 'id', /letter/],
  ['highlight', () => ridgeline(steady, { highlight: 99 }), 'highlight', /Drawn are 1, 2/],
  ['cover', () => sharedDomain(steady, { cover: 0 }), 'cover', /share/],
]

test.each(refused)('refuses %s', (_name, run, argument, says) => {
  expect(run).toThrow(NormlabError)
  expect(run).toThrow(says)
  expect(run).toThrow(expect.objectContaining({ argument }))
})

describe('sharedDomain', () => {
  test('covers both records, with nice bounds', () => {
    const [low, high] = sharedDomain([drifting, steady])
    expect(low).toBeGreaterThanOrEqual(-8)
    expect(low).toBeLessThan(-4)
    expect(high).toBeGreaterThan(2.4)
    expect(Number.isInteger(low) && Number.isInteger(high)).toBe(true)
  })
  test('does not follow one outlier', () => {
    const counts = Array.from({ length: 1000 }, (_, i) => (i < 10 ? 1000 : i === 999 ? 1 : 0))
    const far: Distribution = {
      ...bell(1, 0, 1),
      histogram: { min: 0, max: 1000, counts, outside: 0, notFinite: 0 },
    }
    expect(sharedDomain(recordOf(far))[1]).toBeLessThanOrEqual(12)
    expect(sharedDomain(recordOf(far), { cover: 1 })[1]).toBeGreaterThanOrEqual(1000)
  })
  test('of nothing is [-1, 1], of a constant holds it', () => {
    expect(sharedDomain(recordOf())).toEqual([-1, 1])
    expect(sharedDomain(recordOf(of(0, [])))).toEqual([-1, 1])
    const [low, high] = sharedDomain(recordOf(of(0, [7, 7, 7])))
    expect(low).toBeLessThan(7)
    expect(high).toBeGreaterThan(7)
  })
})

test('distributionTable has the numbers', () => {
  const [row] = distributionTable(recordOf(of(4, [1, 3, NaN])))
  expect(row).toEqual({ epoch: 4, count: 2, mean: 2, std: 1, min: 1, max: 3, notFinite: 1 })
  expect(distributionTable(drifting, { epochs: [10, 1] }).map((r) => r.epoch)).toEqual([1, 10])
})
