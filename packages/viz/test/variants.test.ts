import { NormlabError } from '@normlab/core'
import { records } from '@normlab/core/records'
import { describe, expect, test } from 'vitest'
import { axes, axesFacts, variantFigure, type FigureOfVariant } from '../src/index.ts'
import { checkedSvg, descOf } from './xml.ts'

/** What the figure needs of a record, and the cases that it is drawn for. */
type Drawn = FigureOfVariant & { readonly cases: readonly Readonly<Record<string, number>>[] }

describe.each(Object.values<Drawn>(records as never).map((v) => [v.name, v] as const))(
  '%s',
  (name, variant) => {
    const pattern = variant.kind === 'noise' ? variant.mask : variant.stats
    if (!pattern) {
      test('has no cells, and says so', () => {
        expect(() => variantFigure(variant)).toThrow(NormlabError)
      })
      return
    }
    const shape = /\bo\b/.test(pattern) ? [12, 6, 3, 3] : [6, 3, 3, 12]
    test.each(variant.cases.map((options) => [JSON.stringify(options), options] as const))(
      '%s',
      (_text, options) => {
        const figure = variantFigure(variant, options)
        const facts = axesFacts(figure.pattern, shape, figure.options)
        const page = checkedSvg(axes(figure.pattern, shape, figure.options))
        expect(facts.cells * facts.count).toBe(shape.reduce((a, b) => a * b, 1))
        expect(descOf(page)).toContain(`${name}: `)
        expect(descOf(page)).toContain(facts.cells === 1 ? 'ne ' : String(facts.cells))
        expect(facts.cells).toBe(countCells(figure.pattern, shape, figure.options.sizes ?? {}))
      },
    )
  },
)

/** Counts cells another way than core's plan: sizes of the names after the arrow. Shape is n, h, w, c or o, i, i, i. */
function countCells(
  pattern: string,
  shape: readonly number[],
  sizes: Readonly<Record<string, number>>,
): number {
  const [left, right] = pattern.split('->')
  const weights = /\bo\b/.test(left)
  const whole: Record<string, number> = weights
    ? { o: shape[0], i: shape[1] * shape[2] * shape[3] }
    : { n: shape[0], s: shape[1] * shape[2], c: shape[3] }
  const bracket = /\(([^)]*)\)/g
  const named = left.replaceAll(bracket, '')
  const divided = Object.keys(whole).filter((name) => !new RegExp(`\\b${name}\\b`).test(named))
  for (const [, inside] of left.matchAll(bracket)) {
    const axis = divided.shift()!
    const parts = inside.split(' ').filter(Boolean)
    const given = parts.filter((part) => sizes[part] !== undefined).reduce((a, part) => a * sizes[part], 1)
    for (const part of parts) whole[part] = sizes[part] ?? whole[axis] / given
  }
  return right
    .split(/\s+/)
    .filter(Boolean)
    .reduce((a, name) => a * whole[name], 1)
}

test('what is shared is said where the record says it, and not guessed for a forward of its own', () => {
  const record = { name: 'R', kind: 'norm', stats: 'n s c -> c', options: {} }
  const shares = (more: object) => variantFigure({ ...record, ...more }).options.shares
  expect(shares({ center: true, scale: 'std' })).toBe('one mean and one variance')
  expect(shares({ center: false, scale: 'rms' })).toBe('one mean square')
  expect(shares({ center: false, scale: 'none', apply: () => 0 })).toBe('their statistics')
})
