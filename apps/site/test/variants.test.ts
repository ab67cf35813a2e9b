import { conventions, variants, type Convention } from '@normlab/core'
import { records } from '@normlab/core/records'
import { describe, expect, test } from 'vitest'
import timings from '../../../docs/variants/timings.json'
import { entries, entryOf, figureOf, patternOf } from '../src/variants/entry.ts'
import { slugOf, wordsOf } from '../src/variants/slug.ts'

test('every variant has its entry, and no two the same address', () => {
  expect(entries.map(({ name }) => name)).toEqual(variants.map(({ name }) => name))
  expect(new Set(entries.map(({ slug }) => slug)).size).toBe(variants.length)
})

test('addresses', () => {
  const slugs = ['GroupNorm', 'RMSNorm', 'L2Norm', 'AdaIN', 'BatchNorm'].map((name) => slugOf({ name }))
  expect(slugs).toEqual(['group-norm', 'rms-norm', 'l2-norm', 'ada-in', 'batch-norm'])
  expect(wordsOf({ name: 'GroupNorm' }).replaceAll('\u00AD', '|')).toBe('Group|Norm')
})

// A new variant has none until somebody measures it.
test('timings are those of variants, and most have some', () => {
  const measured = new Set(timings.map(({ op }) => op))
  const names = new Set(entries.map(({ exported }) => exported))
  expect([...measured].filter((op) => !names.has(op))).toEqual([])
  expect(entries.filter((entry) => entry.timings.length > 0).length).toBeGreaterThan(entries.length / 2)
})

test('most say when one would take them', () => {
  expect(entries.filter(({ when }) => when).length).toBeGreaterThan(entries.length / 2)
})

describe.each(Object.values(records).map((variant) => [variant.name, variant] as const))(
  '%s',
  (name, variant) => {
    const entry = entryOf(variant)

    test('names its paper, with an address', () => {
      expect(entry.paper.authors).toMatch(/\w/)
      expect(entry.paper.title).toMatch(/\w/)
      expect(entry.paper.year).toBeGreaterThan(1980)
      expect(() => new URL(entry.paper.url)).not.toThrow()
    })

    test('has a formula that becomes MathML', () => {
      expect(entry.formula).toMatch(/^<math[\s\S]*<\/math>$/)
      expect(entry.formula).not.toContain('merror')
    })

    test('names a convention that it takes over, if there is one', () => {
      const known = Object.values(conventions).some((convention) => name in convention.variants)
      expect(entry.takes !== undefined).toBe(known)
      if (!entry.takes) return
      const convention: Convention = conventions[entry.takes as keyof typeof conventions]
      const change: (options: Convention) => unknown = variant.with.bind(variant) as never
      expect(() => change(convention)).not.toThrow()
    })

    test('says in sentences when one would take it, if it says it', () =>
      expect(entry.when ?? '.').toMatch(/\.$/))

    test('has its axes figure, wide, narrow and as a card, or says that it has no cells', () => {
      for (const [width, caption] of [
        [640, true],
        [288, true],
        [300, false],
      ] as const) {
        const svg = figureOf(variant, { width, caption, id: `t${width}` })
        if (patternOf(variant) === null) expect(svg).toBe(null)
        else expect(svg).toMatch(/^<svg[\s\S]*<\/svg>$/)
      }
      if (patternOf(variant) !== null) {
        expect(entry.patternHtml).toContain('normlab-pattern')
        expect(figureOf(variant, { width: 640, caption: true, id: 't' })).toContain(name)
      }
    })
  },
)
