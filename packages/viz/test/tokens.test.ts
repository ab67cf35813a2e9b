import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { tokens, tokensCss, type TokenName } from '../src/index.ts'
import { contrast, distance, SIGHT } from './color.ts'

const TEXT: TokenName[] = [
  ...(['ink', 'muted', 'without', 'with'] as const),
  ...(['axis-n', 'axis-c', 'axis-s', 'axis-g', 'axis-k', 'axis-o', 'axis-i'] as const),
]
const CELLS: TokenName[] = ['cell-1', 'cell-2', 'cell-3', 'cell-4', 'cell-5']

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  const of = tokens[theme]
  test.each(TEXT)('%s is legible as text on every surface', (name) => {
    expect(contrast(of[name], of.surface)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(of[name], of.raised)).toBeGreaterThanOrEqual(4.5)
  })
  test('rules show against the surface', () => {
    expect(contrast(of.rule, of.surface)).toBeGreaterThanOrEqual(3)
  })
  test.each([...CELLS, 'highlight' as const])('ink is legible on %s', (name) => {
    expect(contrast(of.ink, of[name])).toBeGreaterThanOrEqual(4.5)
  })
  describe.each(Object.keys(SIGHT) as (keyof typeof SIGHT)[])('with %s sight', (sight) => {
    const pairs: [TokenName, TokenName, number][] = [
      ['without', 'with', 0.15],
      ['axis-o', 'axis-i', 0.05],
      ['axis-g', 'axis-k', 0.05],
    ]
    const AXES: TokenName[] = ['axis-n', 'axis-c', 'axis-s', 'axis-g']
    for (const [i, a] of AXES.entries()) for (const b of AXES.slice(i + 1)) pairs.push([a, b, 0.05])
    for (const [i, a] of CELLS.entries()) for (const b of CELLS.slice(i + 1)) pairs.push([a, b, 0.025])
    test.each(pairs)('%s and %s differ', (a, b, least) => {
      expect(distance(of[a], of[b], sight)).toBeGreaterThan(least)
    })
  })
})

test('tokens.css is what tokens.ts writes', () => {
  // To write it: node -C @normlab/source packages/viz/test/writeTokens.ts
  expect(readFileSync(new URL('../tokens.css', import.meta.url), 'utf8')).toBe(tokensCss)
  for (const name of Object.keys(tokens.light)) expect(tokensCss.split(`--normlab-${name}: `)).toHaveLength(4)
})
