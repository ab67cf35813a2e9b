import { parsePattern, variants } from '@normlab/core'
import { axes, patternMarkup } from '@normlab/viz'
import { mathml } from '../build/math.ts'
import { slugOf } from './slug.ts'

export type AnyVariant = (typeof variants)[number]

/** What is drawn of each axis; an axis that is not named here gets 4. */
const sizes: Readonly<Record<string, number>> = { n: 4, s: 6, c: 8, o: 6, i: 9 }

/** The pattern of the shared statistics or of the shared draws; null where there are no cells. */
export const patternOf = (variant: AnyVariant): string | null =>
  variant.kind === 'noise' ? variant.mask : variant.stats

const partSizes = (variant: AnyVariant): Record<string, number> =>
  Object.fromEntries(
    Object.entries({ ...variant.options, ...variant.cases[0] }).filter(
      (entry): entry is [string, number] => entry[0].length === 1 && typeof entry[1] === 'number',
    ),
  )

/** The axes figure of a variant over a small array, or null. */
export function figureOf(
  variant: AnyVariant,
  options: { width: number; caption: boolean; id: string; shares?: string },
): string | null {
  const pattern = patternOf(variant)
  if (pattern === null) return null
  const shape = parsePattern(pattern).axes.map(({ name }) => sizes[name] ?? 4)
  const what = variant.kind === 'noise' ? 'mask' : 'statistic'
  const shares = variant.kind === 'norm' && !variant.center ? { shares: 'one root mean square' } : {}
  return axes(pattern, shape, { ...shares, ...options, what, name: variant.name, sizes: partSizes(variant) })
}

export interface Entry {
  readonly slug: string
  readonly name: string
  readonly kind: AnyVariant['kind']
  readonly paper: AnyVariant['paper']
  readonly pattern: string | null
  /** HTML of the pattern, each axis in its colour. */
  readonly patternHtml: string
  readonly formula: string
  readonly options: readonly (readonly [name: string, value: string])[]
  readonly params: readonly string[]
  readonly variant: AnyVariant
}

/** All that a page says of a variant, from its record alone. */
export function entryOf(variant: AnyVariant): Entry {
  const pattern = patternOf(variant)
  return {
    slug: slugOf(variant),
    name: variant.name,
    kind: variant.kind,
    paper: variant.paper,
    pattern,
    patternHtml: pattern === null ? '' : patternMarkup(pattern),
    formula: mathml(variant.formula, true),
    options: Object.entries(variant.options).map(([name, value]) => [name, String(value)]),
    params: variant.kind === 'norm' ? Object.keys(variant.params) : [],
    variant,
  }
}

export const entries: readonly Entry[] = variants.map(entryOf)

export interface Family {
  readonly kind: AnyVariant['kind']
  readonly pattern: string | null
  readonly members: readonly Entry[]
}

/** Variants by what they share: one family a pattern. The largest first, those without cells last. */
export const families: readonly Family[] = [
  ...Map.groupBy(entries, ({ kind, pattern }) => `${kind} ${pattern}`).values(),
]
  .map((members) => ({ kind: members[0].kind, pattern: members[0].pattern, members }))
  .toSorted(
    (a, b) =>
      Number(a.pattern === null) - Number(b.pattern === null) ||
      a.kind.localeCompare(b.kind) * -1 ||
      b.members.length - a.members.length,
  )
