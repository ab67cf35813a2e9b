import { NormlabError } from '@normlab/core'
import { describe, expect, test } from 'vitest'
import { decimate } from '../src/charts/decimate.ts'
import { ranks } from '../src/charts/spearman.ts'
import { driftBars, lossCurves, rankShift, spearman, type Series } from '../src/index.ts'
import { chain, movers } from './figures.ts'
import { checkedSvg, descOf, textOf } from './xml.ts'

test('spearman', () => {
  expect(ranks([10, 20, 20, 5])).toEqual([2, 3.5, 3.5, 1])
  expect(spearman([1, 2, 3], [2, 4, 9])).toBe(1)
  expect(spearman([1, 2, 3], [3, 2, 1])).toBe(-1)
  // 1 - 6 (1 + 1 + 0 + 1 + 1) / (5 (25 - 1)), no ties.
  expect(spearman([1, 2, 3, 4, 5], [2, 1, 3, 5, 4])).toBeCloseTo(0.8, 12)
  expect(spearman([1, 1], [1, 2])).toBeNaN()
  expect(spearman([], [])).toBeNaN()
})

describe('rankShift', () => {
  test('prints rho, and what became of the highest quarter', () => {
    const page = checkedSvg(rankShift(movers, { from: 'epoch 1', to: 'epoch 30', tone: 'with' }))
    const rho = spearman(
      movers.map((m) => m.from),
      movers.map((m) => m.to),
    )
    expect(textOf(page)).toContain(`Spearman’s ρ = ${rho.toFixed(2)}`)
    expect(descOf(page)).toMatch(
      /Of the highest quarter at epoch 1, \d+% is in the highest quarter at epoch 30/,
    )
  })
  test.each([
    ['no points', [], /Fewer than two/],
    ['one point', [{ id: 1, from: 0, to: 1 }], /Fewer than two/],
    [
      'equal points',
      [
        { id: 1, from: 0, to: 1 },
        { id: 2, from: 0, to: 1 },
      ],
      /not defined/,
    ],
    [
      'points that are not finite',
      [...movers.slice(0, 9), { id: 'x', from: NaN, to: Infinity }],
      /over 9 examples/,
    ],
    ['points with groups', movers.slice(0, 9).map((m, i) => ({ ...m, group: i % 2 })), /over 9 examples/],
    ['10 000 points', Array.from({ length: 10_000 }, (_, i) => ({ id: i, from: i, to: -i })), /is −1/],
  ])('draws %s', (_name, points, says) => {
    for (const width of [640, 280])
      for (const scale of ['value', 'rank'] as const)
        expect(descOf(checkedSvg(rankShift(points, { width, scale })))).toMatch(says)
  })
})

describe('driftBars', () => {
  test('pairs', () => {
    const rows = [
      { label: 'dense_1', without: 0.03, with: 0.0012, withoutError: 0.004 },
      { label: '<b>'.repeat(30), without: null, with: -2 },
    ]
    for (const width of [640, 280]) {
      const page = checkedSvg(driftBars(rows, { width, caption: 'It shrinks.' }))
      expect(descOf(page)).toContain('dense_1 0.0300 ± 0.0040 and 0.00120')
      expect(textOf(page)).toContain('not measured')
    }
  })
  test('parts add up', () => {
    const part = (name: string, value: number) => ({ name, value })
    const rows = [
      { label: 'own first', parts: [part('own weights', -0.5), part('upstream', 0.225)] },
      { label: 'empty', parts: [] },
    ]
    for (const width of [640, 280])
      expect(descOf(checkedSvg(driftBars(rows, { width })))).toBe(
        'own first: own weights −0.500, upstream +0.225, together −0.275 and empty: , together 0.',
      )
  })
  test.each([
    [[]],
    [[{ label: 'a', without: 0, with: 0 }]],
    [[{ label: 'a', without: 1e300, with: -1e300 }]],
  ])('draws %j', (rows) => {
    checkedSvg(driftBars(rows))
  })
})

describe('lossCurves', () => {
  const many: Series = { name: 'many', points: chain(50_000).map((v, i) => [i, v + 2] as const) }
  test('a path is no longer than the picture is wide', () => {
    const svg = lossCurves([many], { width: 400 })
    checkedSvg(svg)
    expect(svg.length).toBeLessThan(40_000)
  })
  test('decimation keeps the least and the greatest of every pixel', () => {
    const kept = decimate(many.points, (x) => x / 100)
    expect(kept.length).toBeLessThanOrEqual(4 * 501)
    const ys = many.points.map((p) => p[1])
    expect(Math.max(...kept.map((p) => p[1]))).toBe(Math.max(...ys))
    expect(Math.min(...kept.map((p) => p[1]))).toBe(Math.min(...ys))
    expect(decimate(many.points.slice(0, 100), (x) => x)).toHaveLength(100)
    for (let i = 1; i < kept.length; i++) expect(kept[i][0]).toBeGreaterThan(kept[i - 1][0])
  })
  test.each<[string, Series[], RegExp]>([
    ['nothing', [], /No curve/],
    ['no point', [{ name: 'a', points: [] }], /a has no value/],
    ['one point', [{ name: 'a', points: [[0, 1]] }], /from 1.00 to 1.00/],
    [
      'gaps',
      [
        {
          name: 'a',
          points: [
            [0, 1],
            [1, NaN],
            [2, 3],
          ],
        },
      ],
      /from 1.00 to 3.00/,
    ],
    [
      'zeros',
      [
        {
          name: 'a',
          points: [
            [0, 0],
            [1, 0.1],
            [2, -1],
          ],
        },
      ],
      /a goes from/,
    ],
    [
      'six curves at one place',
      Array.from({ length: 6 }, (_, i) => ({
        name: `curve ${i}`,
        points: [
          [0, 1],
          [1, 1],
        ] as const,
      })),
      /curve 5/,
    ],
    [
      'phases',
      [
        {
          name: 'a',
          tone: 'with',
          phase: 'inference',
          points: [
            [0, 1],
            [9, 2],
          ],
        },
      ],
      /a goes/,
    ],
  ])('draws %s', (_name, series, says) => {
    for (const width of [640, 280])
      for (const yScale of ['linear', 'log'] as const)
        expect(descOf(checkedSvg(lossCurves(series, { width, yScale, caption: 'A sentence.' })))).toMatch(
          says,
        )
  })
  test.each([0, 0.5, 0.99, 1])('labels at %d do not overlap, nor leave the plot', (end) => {
    const series = Array.from({ length: 6 }, (_, i) => ({
      name: `curve ${i}`,
      points: [[0, 0.5] as const, [1, end] as const],
    }))
    const page = checkedSvg(lossCurves(series, { yDomain: [0, 1] }))
    const ys = [...page.getElementsByTagName('text')]
      .filter((t) => t.textContent!.startsWith('curve'))
      .map((t) => Number(t.getAttribute('y')))
      .toSorted((a, b) => a - b)
    for (let i = 1; i < ys.length; i++) expect(ys[i] - ys[i - 1]).toBeGreaterThanOrEqual(14.99)
    // The plot begins at 34 and is 200 high.
    expect(ys[0]).toBeGreaterThanOrEqual(34)
    expect(ys.at(-1)).toBeLessThanOrEqual(240)
  })
  test('inference is dashed, training is not', () => {
    expect(
      lossCurves([
        {
          name: 'a',
          phase: 'inference',
          points: [
            [0, 1],
            [1, 2],
          ],
        },
      ]),
    ).toContain('stroke-dasharray')
    expect(
      lossCurves([
        {
          name: 'a',
          points: [
            [0, 1],
            [1, 2],
          ],
        },
      ]),
    ).not.toContain('stroke-dasharray')
  })
})

test.each<[string, () => unknown, string]>([
  ['points', () => rankShift(null as never), 'points'],
  ['a point without numbers', () => rankShift([{ id: 1, from: '0', to: 1 } as never]), 'points[0]'],
  ['domain', () => rankShift(movers, { domain: [1, 0] }), 'domain'],
  ['rows', () => driftBars('x' as never), 'rows'],
  ['a row without a label', () => driftBars([{ without: 1, with: 2 } as never]), 'rows[0]'],
  [
    'two kinds of rows',
    () =>
      driftBars([
        { label: 'a', parts: [] },
        { label: 'b', without: 1, with: 1 },
      ] as never),
    'rows',
  ],
  [
    'a part without value',
    () => driftBars([{ label: 'a', parts: [{ name: 'x', value: NaN }] }]),
    'rows[0].parts',
  ],
  ['series', () => lossCurves({} as never), 'series'],
  ['a series without points', () => lossCurves([{ name: 'a' } as never]), 'series[0]'],
  ['yScale', () => lossCurves([], { yScale: 'x' as never }), 'yScale'],
  ['yDomain', () => lossCurves([], { yDomain: [-1, 1], yScale: 'log' }), 'yDomain'],
])('refuses %s', (_name, run, argument) => {
  expect(run).toThrow(NormlabError)
  expect(run).toThrow(expect.objectContaining({ argument }))
})
