import { cellIndex, NormlabError, planOf } from '@normlab/core'
import { describe, expect, test } from 'vitest'
import { modelOf, type AxesOptions } from '../src/axes/model.ts'
import { axes, axesFacts, patternMarkup } from '../src/index.ts'
import { checkedSvg, descOf, textOf } from './xml.ts'

const cases: [string, number[], AxesOptions, string][] = [
  [
    'n s c -> n s',
    [2, 3, 4],
    { name: 'LayerNorm' },
    'LayerNorm: each of the 2 × 3 = 6 (n, s) cells averages 4 values.',
  ],
  ['n s c -> c', [4, 3], {}, 'Each of the 3 (c) cells averages 4 values.'],
  ['n s c -> n', [2, 3, 3, 4], {}, 'Each of the 2 (n) cells averages 36 values.'],
  [
    'n s (g k) -> n g',
    [4, 3, 3, 6],
    { sizes: { g: 2 } },
    'Each of the 4 × 2 = 8 (n, g) cells averages 27 values.',
  ],
  [
    'n s (k g) -> n g',
    [4, 3, 3, 6],
    { sizes: { g: 3 } },
    'Each of the 4 × 3 = 12 (n, g) cells averages 18 values.',
  ],
  [
    '(b m) s c -> b c',
    [6, 3, 3, 4],
    { sizes: { b: 2 } },
    'Each of the 2 × 4 = 8 (b, c) cells averages 27 values. Drawn smaller: 2 of 3 along m.',
  ],
  [
    'n s c -> n c',
    [2, 5, 3],
    { what: 'mask' },
    'Each of the 2 × 3 = 6 (n, c) cells makes one random draw for 5 values.',
  ],
  [
    'n s c -> n s c',
    [2, 2, 2],
    { what: 'mask' },
    'Each of the 2 × 2 × 2 = 8 (n, s, c) cells makes one random draw for one value.',
  ],
  [
    'n s c -> n s c',
    [2, 2, 2],
    {},
    'Each of the 2 × 2 × 2 = 8 (n, s, c) cells holds one value: there is nothing to average.',
  ],
  [
    'o i -> o',
    [8, 4, 3, 3],
    {},
    'Each of the 8 (o) cells averages 36 values. Drawn smaller: 3 × 2 × 2 of 4 × 3 × 3 along i.',
  ],
  ['n s c -> ', [6], { axes: { n: [] } }, 'One cell averages all 6 values.'],
  ['s -> ', [], {}, 'One cell averages the one value.'],
  ['n s c -> c', [0, 3], {}, 'The array has no elements.'],
  [
    'n s c -> c',
    [32, 56, 56, 64],
    {},
    'Each of the 64 (c) cells averages 100\u202f352 values. Drawn smaller: 4 of 32 along n, 3 × 2 of 56 × 56 along s and 8 of 64 along c.',
  ],
  [
    'n h w d c -> n d',
    [2, 3, 4, 2, 5],
    {},
    'Each of the 2 × 2 = 4 (n, d) cells averages 60 values. Drawn smaller: 2 of 3 along h and 2 of 4 along w.',
  ],
  [
    'n s c -> n',
    [2, 2, 2, 2, 2, 2],
    { layout: 'ncdhwx' },
    'Each of the 2 (n) cells averages 32 values. Drawn smaller: 2 × 2 × 1 × 1 of 2 × 2 × 2 × 2 along s.',
  ],
]

describe.each(cases)('%s over %j', (pattern, shape, options, caption) => {
  test('says its cells', () => {
    expect(axesFacts(pattern, shape, options).caption).toBe(caption)
  })
  test.each([640, 280])('draws at %i px', (width) => {
    const page = checkedSvg(axes(pattern, shape, { ...options, width, formula: true }))
    expect(descOf(page)).toContain(caption)
    const box = page.documentElement!.getAttribute('viewBox')!.split(' ').map(Number)
    expect(box[2]).toBe(width)
    for (const t of page.getElementsByTagName('text')) {
      const x = Number(t.getAttribute('x') ?? 10)
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x).toBeLessThanOrEqual(width)
    }
  })
  test('the cells drawn are those of core', () => {
    const model = modelOf(pattern, shape, options)
    expect(model.drawn.cells).toBeLessThanOrEqual(model.plan.cells || 1)
    if (model.reduced) return
    const plan = planOf(
      pattern,
      shape,
      { axis: options.axis, axes: options.axes, layout: options.layout },
      options.sizes,
    )
    const seen: number[] = []
    const walk = (indices: number[]): void => {
      if (indices.length === model.axes.length) seen.push(model.cellAt(indices))
      else for (let i = 0; i < model.axes[indices.length].size; i++) walk([...indices, i])
    }
    walk([])
    if (plan.size) expect(seen).toEqual([...cellIndex(plan)])
  })
})

test('every cell with an element on a visible side has a shape of its own', () => {
  expect.hasAssertions()
  for (const [pattern, shape, options] of cases.filter(([, s]) => s.length > 0 && !s.includes(0))) {
    const facts = axesFacts(pattern, shape, options)
    const svg = axes(pattern, shape, options)
    const drawn = new Set([...svg.matchAll(/data-cell="(\d+)"/g)].map((match) => match[1]))
    if (facts.count > 1) expect(drawn.size, pattern).toBe(facts.drawnCells)
  }
})

test('channels first: the figure follows the binding', () => {
  const first = axesFacts('n s c -> n c', [2, 3, 4, 4], { layout: 'nchw' })
  expect(first.cells).toBe(6)
  expect(axesFacts('n s c -> n c', [2, 3, 4, 4], { axis: 1 }).caption).toBe(first.caption)
})

test('cells are named by their indices', () => {
  const facts = axesFacts('n s (g k) -> n g', [2, 3, 3, 4], { sizes: { g: 2 } })
  expect(facts.cellText(3)).toBe('Cell D (n = 1, g = 1): these 18 elements share one mean and one variance')
  expect(facts.cellsInRow).toBe(2)
  expect(axesFacts('n s c -> s', [2, 3, 3, 4]).cellText(5)).toContain('s = (1, 2)')
})

test('the cell set off is lit, and named in the description', () => {
  const page = checkedSvg(axes('n s c -> c', [4, 3], { highlight: 2 }))
  expect(descOf(page)).toContain('Cell C (c = 2)')
  const lit = [...page.getElementsByTagName('path')].filter((p) =>
    p.getAttribute('fill')?.includes('--normlab-highlight'),
  )
  expect(lit.map((p) => p.getAttribute('data-cell'))).toEqual(['2'])
  expect(axes('n s c -> c', [4, 3], { highlight: null })).not.toContain('--normlab-highlight')
})

test('patternMarkup colours names and escapes nothing else away', () => {
  expect(patternMarkup('n s (g k) -> n g')).toBe(
    '<code class="normlab-pattern"><span class="normlab-axis normlab-axis-n">n</span> <span class="normlab-axis normlab-axis-s">s</span> (<span class="normlab-axis normlab-axis-g">g</span> <span class="normlab-axis normlab-axis-k">k</span>) → <span class="normlab-axis normlab-axis-n">n</span> <span class="normlab-axis normlab-axis-g">g</span></code>',
  )
  expect(patternMarkup('(b m) c -> b', 'svg')).toContain('<tspan fill="var(--normlab-axis-n')
})

const refused: [string, () => unknown, string][] = [
  ['a pattern without an arrow', () => axes('n c', [1, 2]), 'pattern'],
  ['a pattern that is markup', () => patternMarkup('<b> -> n'), 'pattern'],
  ['groups that do not divide', () => axes('n (g k) -> g', [2, 5], { sizes: { g: 2 } }), 'g'],
  ['a size that is missing', () => axes('n (g k) -> g', [2, 4]), 'g'],
  ['a shape of fractions', () => axes('n c -> c', [1.5, 2]), 'shape'],
  ['no shape', () => axes('n c -> c', undefined as never), 'shape'],
  ['a cell that is not there', () => axes('n c -> c', [2, 3], { highlight: 3 }), 'highlight'],
  ['what', () => axes('n c -> c', [2, 3], { what: 'x' as never }), 'what'],
]
test.each(refused)('refuses %s', (_name, run, argument) => {
  expect(run).toThrow(NormlabError)
  expect(run).toThrow(expect.objectContaining({ argument }))
})

test('text names what is drawn', () => {
  const words = textOf(checkedSvg(axes('n s (g k) -> n g', [2, 4, 6], { sizes: { g: 2 } })))
  for (const part of ['n = 2', 's = 4', 'c = 6', 'g 2 × k 3', 'n = 0, g = 0']) expect(words).toContain(part)
})
