/**
 * The pattern string: which elements share statistics.
 *
 * `'n s (g k) -> n g'` is GroupNorm. On the left stand the logical axes of x in memory order; an axis in brackets is
 * split into parts, outermost first. On the right stand the axes and parts that index the statistics: all others are
 * reduced over. `c=(g k)` names the split axis outright. `s` and `i` stand for any number of axes (none, one, or several).
 */
import { NormlabError, show } from './errors.ts'

/** A logical axis of the left side. `parts` is `[name]` when the axis is not split. */
export interface LogicalAxis {
  readonly name: string
  readonly parts: readonly string[]
}

export interface Pattern {
  readonly source: string
  /** Left side, in memory order. */
  readonly axes: readonly LogicalAxis[]
  /** Names of the parts (or unsplit axes) that index the statistics, in the left side's order. */
  readonly keep: readonly string[]
}

/** Logical names that may stand for no axis, one axis or several. */
export const REST_NAMES: readonly string[] = ['s', 'i']

/** What an unnamed bracket is called: the first of these that the left side does not name otherwise. */
const WHOLE_NAMES = ['n', 's', 'c'] as const
const NAME = /^[a-z][A-Za-z0-9]*$/
const GRAMMAR =
  "Write logical axes, an arrow, and the axes that keep their own statistics: 'n s (g k) -> n g'"

const cache = new Map<string, Pattern>()

/**
 * Parses a pattern string.
 * @throws NormlabError (argument `pattern`) with the position's token and the grammar.
 */
export function parsePattern(source: string): Pattern {
  const known = cache.get(source)
  if (known) return known
  if (typeof source !== 'string')
    throw new NormlabError('pattern', `expected a string, got ${show(source)}`, GRAMMAR)
  const sides = source.split('->')
  const fail = (what: string, remedy = GRAMMAR): never => {
    throw new NormlabError('pattern', `${what} in ${show(source)}`, remedy)
  }
  if (sides.length !== 2) fail(sides.length < 2 ? 'no arrow ->' : 'more than one arrow ->')
  const axes = nameBrackets(parseLeft(sides[0], fail), fail)
  if (axes.length === 0) fail('no axis before the arrow')
  const seen = new Set<string>()
  for (const axis of axes)
    for (const part of axis.parts) {
      if (seen.has(part)) fail(`axis ${show(part)} stands twice before the arrow`, 'Name each axis once')
      seen.add(part)
    }
  const kept = new Set<string>()
  for (const word of sides[1].split(/\s+/).filter(Boolean)) {
    if (!NAME.test(word))
      fail(`unexpected ${show(word)} after the arrow`, 'Write names alone after the arrow')
    const parts = seen.has(word) ? [word] : axes.find((axis) => axis.name === word)?.parts
    if (!parts) {
      fail(`unknown axis ${show(word)} after the arrow`, `Known here: ${[...seen].join(', ')}`)
      continue
    }
    for (const part of parts) {
      if (kept.has(part)) fail(`axis ${show(part)} stands twice after the arrow`, 'Name each axis once')
      kept.add(part)
    }
  }
  const pattern = { source, axes, keep: [...seen].filter((part) => kept.has(part)) }
  cache.set(source, pattern)
  return pattern
}

type Fail = (what: string, remedy?: string) => never
interface RawAxis {
  name: string | null
  parts: string[]
}

function parseLeft(text: string, fail: Fail): RawAxis[] {
  const axes: RawAxis[] = []
  let open: RawAxis | null = null
  for (const token of text.match(/[A-Za-z0-9]+=\(|[A-Za-z0-9]+|\S/g) ?? []) {
    if (token.endsWith('(')) {
      if (open) fail('a bracket inside a bracket')
      axes.push((open = { name: token.length > 1 ? token.slice(0, -2) : null, parts: [] }))
    } else if (token === ')') {
      if (!open) fail('a closing bracket without an opening one')
      if (open!.parts.length < 2)
        fail('a bracket with fewer than two parts', "Brackets split an axis into parts: '(g k)'")
      open = null
    } else if (!NAME.test(token)) fail(`unexpected ${show(token)}`)
    else if (open) open.parts.push(token)
    else axes.push({ name: token, parts: [token] })
  }
  if (open) fail('a bracket that is not closed')
  return axes
}

/** Gives each unnamed bracket the name of the axis that it splits: `(g k)` beside n and s is c; beside s and c it is n. */
function nameBrackets(raw: RawAxis[], fail: Fail): LogicalAxis[] {
  const taken = new Set(raw.map((axis) => axis.name))
  return raw.map((axis) => {
    if (axis.name !== null) return { name: axis.name, parts: axis.parts }
    const name = WHOLE_NAMES.find((candidate) => !taken.has(candidate))
    if (!name)
      return fail(
        `the bracket (${axis.parts.join(' ')}) has no name left among n, s and c`,
        "Name it: 'o=(g k)'",
      )
    taken.add(name)
    return { name, parts: axis.parts }
  })
}
