/** What the reader has set in the explorer of /axes/: a pattern, sizes, a cell. Checked by core, and nowhere else. */
import { parsePattern, planOf, type Plan } from '@normlab/core'

/** What the page knows of a variant: enough to draw it and to write its formula, without its code. */
export interface KnownVariant {
  readonly slug: string
  readonly name: string
  readonly pattern: string
  readonly what: 'statistic' | 'mask'
  readonly shares?: string
  readonly center: boolean
  readonly scale: 'std' | 'rms' | 'l2' | 'none'
  /** It has a forward of its own. */
  readonly own: boolean
  readonly sizes: Readonly<Record<string, number>>
}

export interface AxesState {
  /** A variant's slug; empty where the reader has written a pattern. */
  readonly variant: string
  readonly pattern: string
  /** Of axes and of parts, by name. Those of other patterns may be among them. */
  readonly sizes: Readonly<Record<string, number>>
  readonly cell: number
}

/** A size that the reader may set. */
export interface SizeField {
  readonly name: string
  readonly label: string
  /** The axis whose colour it has. */
  readonly axis: string
  readonly value: number
}

const START: Readonly<Record<string, number>> = { n: 3, s: 4, c: 6, o: 4, i: 6 }
const WORDS: Readonly<Record<string, string>> = {
  n: 'batch',
  s: 'space',
  c: 'features',
  o: 'outputs',
  i: 'inputs',
}
/** An axis may be called `constructor`. */
const at = <T>(map: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(map, name) ? map[name] : undefined

/** Of an axis, or of a part of one that is split. */
const sizeOf = ({ sizes }: AxesState, name: string, part = false): number =>
  at(sizes, name) ?? (part ? 2 : (at(START, name) ?? 3))

/** The longest axis that the page offers. */
export const LONGEST = 64

/** @throws NormlabError (argument `pattern`). */
export function fieldsOf(state: AxesState): SizeField[] {
  return parsePattern(state.pattern).axes.flatMap(({ name: axis, parts }) => {
    const word = at(WORDS, axis)
    const whole = { name: axis, label: word ? `${axis}, ${word}` : axis, axis, value: sizeOf(state, axis) }
    if (parts.length === 1) return [whole]
    return [
      whole,
      ...given(state, parts).map((name) => ({
        name,
        label: `${name} of ${axis}`,
        axis,
        value: sizeOf(state, name, true),
      })),
    ]
  })
}

/** One part follows from the others: the last that nobody has set. */
function given({ sizes }: AxesState, parts: readonly string[]): string[] {
  const free = parts.findLastIndex((part) => at(sizes, part) === undefined)
  return parts.filter((_, i) => i !== (free < 0 ? parts.length - 1 : free))
}

export const shapeOf = (state: AxesState): number[] =>
  parsePattern(state.pattern).axes.map(({ name }) => sizeOf(state, name))

export function partSizesOf(state: AxesState): Record<string, number> {
  const parts = parsePattern(state.pattern).axes.flatMap((axis) =>
    axis.parts.length > 1 ? given(state, axis.parts) : [],
  )
  return Object.fromEntries(parts.map((name) => [name, sizeOf(state, name, true)]))
}

/** @throws NormlabError naming `pattern`, or the size that does not fit. */
export const planOfState = (state: AxesState): Plan =>
  planOf(state.pattern, shapeOf(state), {}, partSizesOf(state))

/** Axes by position, not by what their letters stand for: the page gives one axis to each name. */
const spaced = (pattern: string): string => pattern.replaceAll(/\s+/g, ' ').trim()

/** Variants with this pattern, however it is spaced. */
export const sharing = (known: readonly KnownVariant[], { pattern }: AxesState): KnownVariant[] =>
  known.filter((variant) => spaced(variant.pattern) === spaced(pattern))

export function chosen(known: readonly KnownVariant[], slug: string, before: AxesState): AxesState {
  const variant = known.find((one) => one.slug === slug)
  if (!variant) return { ...before, variant: '' }
  return { variant: slug, pattern: variant.pattern, sizes: { ...before.sizes, ...variant.sizes }, cell: 0 }
}

/** `?variant=rms-norm&sizes=n.4_c.12&cell=3`, or `?pattern=n+s+c+->+c`. What the page starts with is left out. */
export function queryOf(state: AxesState, start: AxesState): string {
  const query = new URLSearchParams()
  if (!state.variant) query.set('pattern', state.pattern)
  else if (state.variant !== start.variant) query.set('variant', state.variant)
  const sizes = fieldsOf(state)
  if (sizes.some(({ name, value }) => value !== at(start.sizes, name)))
    query.set('sizes', sizes.map(({ name, value }) => `${name}.${value}`).join('_'))
  if (state.cell) query.set('cell', String(state.cell))
  return String(query)
}

/** A link may hold anything: what is no size is left out, and what is no pattern is shown as it is, with its error. */
export function stateOf(search: string, known: readonly KnownVariant[], start: AxesState): AxesState {
  const query = new URLSearchParams(search)
  const pattern = query.get('pattern')
  const base =
    pattern === null ? chosen(known, query.get('variant') ?? '', start) : { ...start, variant: '', pattern }
  const pairs = [...(query.get('sizes') ?? '').matchAll(/([a-z][A-Za-z0-9]*)\.(\d{1,3})(?=_|$)/g)]
  const cell = Number(query.get('cell'))
  return {
    ...(base.variant || pattern !== null ? base : start),
    sizes: { ...base.sizes, ...Object.fromEntries(pairs.map(([, name, size]) => [name, Number(size)])) },
    cell: Number.isInteger(cell) && cell > 0 ? cell : 0,
  }
}
