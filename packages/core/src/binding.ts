/** Binds the logical names of a pattern to the axes of an array. */
import { NormlabError, show } from './errors.ts'
import { REST_NAMES, type Pattern } from './pattern.ts'

/** Says which axes of x the pattern's logical names stand for. Give one of the three, or none. */
export interface Binding {
  /** The feature axis or axes (`c`, or `o` for weights). Negative counts from the end. Order does not matter. */
  axis?: number | readonly number[]
  /** Any logical name: `{ n: 0, c: [1, 2] }`. Names left out bind by position. */
  axes?: Readonly<Record<string, number | readonly number[]>>
  /** One letter an axis: `'nchw'`, `'NHWC'`, `'ncl'`. Letters that the pattern does not name are spatial. */
  layout?: string
}

/** Binds every logical name to axes of x. Names left of `s` bind from the front, names right of it from the back. */
export function bindAxes(
  pattern: Pattern,
  rank: number,
  { axis, axes, layout }: Binding = {},
): Record<string, number[]> {
  const names = pattern.axes.map((a) => a.name)
  if ([axis, axes, layout].filter((value) => value !== undefined).length > 1)
    throw new NormlabError('axis', 'axis, axes and layout are given together', 'Give one of them')
  const bound: Record<string, number[]> = {}
  if (layout !== undefined) bindLayout(names, rank, layout, bound)
  for (const [name, value] of Object.entries(axes ?? {})) {
    if (!names.includes(name))
      throw new NormlabError(
        'axes',
        `the pattern ${show(pattern.source)} has no axis ${show(name)}`,
        `It has ${names.join(', ')}`,
      )
    bound[name] = canonicalAxes(`axes.${name}`, value, rank)
  }
  // The features: c where the pattern has one, else o (weights), else the last.
  if (axis !== undefined)
    bound[['c', 'o'].find((name) => names.includes(name)) ?? names.at(-1)!] = canonicalAxes(
      'axis',
      axis,
      rank,
    )
  return bindRest(pattern, names, rank, bound)
}

function canonicalAxes(argument: string, value: number | readonly number[], rank: number): number[] {
  const list = typeof value === 'number' ? [value] : value
  if (!Array.isArray(list))
    throw new NormlabError(
      argument,
      `expected an integer or a list of them, got ${show(value)}`,
      `Give axes from ${-rank} to ${rank - 1}`,
    )
  const result = list.map((a) => {
    if (!Number.isInteger(a) || a < -rank || a >= rank)
      throw new NormlabError(
        argument,
        `${show(a)} is no axis of an array of rank ${rank}`,
        rank ? `Give an integer from ${-rank} to ${rank - 1}` : 'x needs at least one axis',
      )
    return a < 0 ? a + rank : a
  })
  if (new Set(result).size !== result.length)
    throw new NormlabError(argument, `${show(value)} names an axis twice`, 'Name each axis once')
  return result.toSorted((a, b) => a - b)
}

function bindLayout(
  names: readonly string[],
  rank: number,
  layout: string,
  bound: Record<string, number[]>,
): void {
  if (typeof layout !== 'string' || layout.length !== rank)
    throw new NormlabError(
      'layout',
      `${show(layout)} has ${layout?.length} letters, x has rank ${rank}`,
      "Give one letter an axis, such as 'nchw'",
    )
  const rest = names.find((name) => REST_NAMES.includes(name))
  for (const name of names) bound[name] = []
  for (const [i, letter] of [...layout.toLowerCase()].entries()) {
    const name = names.includes(letter) ? letter : rest
    if (!name)
      throw new NormlabError(
        'layout',
        `the letter ${show(letter)} in ${show(layout)} fits no axis of the pattern`,
        `The pattern has ${names.join(', ')}`,
      )
    bound[name].push(i)
  }
  for (const name of names)
    if (name !== rest && bound[name].length !== 1)
      throw new NormlabError(
        'layout',
        `${show(layout)} has ${bound[name].length} axes ${show(name)}`,
        'Give exactly one',
      )
}

function bindRest(
  pattern: Pattern,
  names: readonly string[],
  rank: number,
  bound: Record<string, number[]>,
): Record<string, number[]> {
  const used = Object.values(bound).flat()
  if (new Set(used).size !== used.length)
    throw new NormlabError('axes', 'one axis of x is bound to two names', 'Bind each axis of x once')
  const free = Array.from({ length: rank }, (_, i) => i).filter((i) => !used.includes(i))
  const open = names.filter((name) => !Object.hasOwn(bound, name))
  const at = open.findIndex((name) => REST_NAMES.includes(name))
  const front = at < 0 ? open : open.slice(0, at)
  const back = at < 0 ? [] : open.slice(at + 1)
  let spare = free.length - front.length - back.length
  // A vector has no batch axis: n stands for nothing, unless the statistics reduce over it.
  if (spare < 0 && front[0] === 'n' && pattern.keep.includes('n')) {
    bound[front.shift()!] = []
    spare++
  }
  if (spare < 0)
    throw new NormlabError(
      'x',
      `rank ${rank} is too small for the pattern ${show(pattern.source)}`,
      'Add an axis, or bind names to no axis: axes: { n: [] }',
    )
  for (const name of front) bound[name] = free.splice(0, 1)
  for (const name of back.toReversed()) bound[name] = free.splice(-1)
  if (at >= 0) bound[open[at]] = free
  else if (spare)
    throw new NormlabError(
      'x',
      `rank ${rank} does not fit the pattern ${show(pattern.source)}: axis ${free[0]} has no name`,
      'Bind it with axis or axes, or add s to the pattern',
    )
  return bound
}
