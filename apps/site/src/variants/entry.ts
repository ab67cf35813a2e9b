import { parsePattern, type NormRecord } from '@normlab/core'
import { records } from '@normlab/core/records'
import { axes, patternMarkup, variantFigure } from '@normlab/viz'
import { mathml } from '../build/math.ts'
import { changedBy, soldBy, timingsOf, type Sold, type Timing } from './facts.ts'
import { slugOf } from './slug.ts'

export type AnyVariant = (typeof records)[keyof typeof records]
type Ranges = NonNullable<NormRecord['ranges']>

const variants: readonly AnyVariant[] = Object.values(records)

/** What a program imports: `groupNorm`. */
const exportsOf = new Map(Object.entries(records).map(([name, value]) => [value as unknown, name]))

/** What is drawn of each axis; an axis that is not named here gets 4. */
const sizes: Readonly<Record<string, number>> = { n: 4, s: 6, c: 8, o: 6, i: 9 }

/** The pattern of the shared statistics or of the shared draws; null where there are no cells. */
export const patternOf = (variant: AnyVariant): string | null =>
  variant.kind === 'noise' ? variant.mask : variant.stats

/** The axes figure of a variant over a small array, or null. */
export function figureOf(
  variant: AnyVariant,
  options: { width: number; caption: boolean; id: string; shares?: string },
): string | null {
  if (patternOf(variant) === null) return null
  const { pattern, options: derived } = variantFigure(variant, variant.cases[0])
  const shape = parsePattern(pattern).axes.map(({ name }) => sizes[name] ?? 4)
  return axes(pattern, shape, { ...derived, ...options })
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
  /** `range` in words, where not every number will do. */
  readonly options: readonly { name: string; value: string; range: string }[]
  readonly params: readonly string[]
  /** The export of core, which is also the name of its cell. */
  readonly exported: string
  readonly sold: readonly Sold[]
  readonly timings: readonly Timing[]
  /** The name of a convention that `with` takes over: `torch`. */
  readonly takes: string | undefined
  /** When one would take it. */
  readonly when: string | undefined
  /** What of it could not be checked against the paper. */
  readonly unverified: string | undefined
  readonly variant: AnyVariant
}

/** `a whole number from 1 up`. */
function wordsOf([least, step, most]: Ranges[string] = []): string {
  if (least === undefined) return ''
  return `${step ? 'a whole number' : 'a number'} from ${least} ${most === undefined ? 'up' : `to ${most}`}`
}

/** All that a page says of a variant, from its record alone. */
export function entryOf(variant: AnyVariant): Entry {
  const pattern = patternOf(variant)
  const exported = exportsOf.get(variant)!
  return {
    slug: slugOf(variant),
    name: variant.name,
    kind: variant.kind,
    paper: variant.paper,
    pattern,
    patternHtml: pattern === null ? '' : patternMarkup(pattern),
    formula: mathml(variant.formula, true),
    options: Object.entries(variant.options).map(([name, value]) => ({
      name,
      value: String(value),
      range: wordsOf((variant.ranges as Ranges | undefined)?.[name]),
    })),
    params: Object.keys(variant.params),
    exported,
    sold: soldBy(variant),
    timings: timingsOf(exported),
    takes: changedBy(variant),
    when: 'when' in variant ? variant.when : undefined,
    unverified: 'unverified' in variant ? variant.unverified : undefined,
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
