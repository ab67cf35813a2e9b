/** Whatever the data: well-formed, no NaN, ids that are unique, and refusals that are NormlabErrors. */
import { NormlabError } from '@normlab/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { axes, axesFacts } from '../src/index.ts'
import { width, word } from './arbitraries.ts'
import { checkedSvg } from './xml.ts'

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
