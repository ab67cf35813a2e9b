/** From a pattern and a shape to strides: which elements of x form a cell, the set that shares one statistic. */
import { checkOptions, NormlabError, show } from './errors.ts'
import { parsePattern, REST_NAMES, type LogicalAxis, type Pattern } from './pattern.ts'

/** Says which axes of x the pattern's logical names stand for. Give one of the three, or none. */
export interface Binding {
  /** The feature axis or axes (`c`, or `o` for weights). Negative counts from the end. Order does not matter. */
  axis?: number | readonly number[]
  /** Any logical name: `{ n: 0, c: [1, 2] }`. Names left out bind by position. */
  axes?: Readonly<Record<string, number | readonly number[]>>
  /** One letter an axis: `'nchw'`, `'NHWC'`, `'ncl'`. Letters that the pattern does not name are spatial. */
  layout?: string
}

/** One loop of the plan: an axis of x, or a part of one. */
export interface PlanDim {
  /** Logical axis, such as `c`. */
  readonly axis: string
  /** Part, such as `g`; equals `axis` when the axis is not split. */
  readonly name: string
  readonly size: number
  /** Elements of x between neighbours. */
  readonly stride: number
  /** True when the statistics keep this axis; false when they reduce over it. */
  readonly kept: boolean
}

export interface Plan {
  readonly pattern: Pattern
  readonly shape: readonly number[]
  /** Axes of x that each logical name is bound to, ascending. */
  readonly binding: Readonly<Record<string, readonly number[]>>
  /** Loops in memory order, outermost first. Their sizes multiply to `size`. */
  readonly dims: readonly PlanDim[]
  readonly size: number
  /** Number of cells, and the number of elements in each. */
  readonly cells: number
  readonly count: number
}

/** @throws NormlabError when `value` is no list of sizes. */
export function checkShape(argument: string, value: unknown): asserts value is readonly number[] {
  if (!Array.isArray(value) || !value.every((size) => Number.isInteger(size) && size >= 0))
    throw new NormlabError(argument, `${show(value)} is no shape`, 'Give a list of non-negative integers')
}

export const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1)

/**
 * Plans `pattern` over `shape`.
 * @param sizes sizes of parts, such as `{ g: 32 }`; all parts of an axis but one must be given.
 * @throws NormlabError naming `axis`, `axes`, `layout`, the part, or `x`.
 */
export function planOf(
  pattern: string | Pattern,
  shape: readonly number[],
  binding: Binding = {},
  sizes: Readonly<Record<string, unknown>> = {},
): Plan {
  const parsed = isPattern(pattern) ? pattern : parsePattern(pattern)
  checkShape('shape', shape)
  checkOptions('binding', binding)
  checkOptions('sizes', sizes)
  const bound = bindAxes(parsed, shape.length, binding)
  const kept = new Set(parsed.keep)
  const strides = stridesOf(shape)
  const at = new Map<number, PlanDim[]>()
  for (const axis of parsed.axes) {
    const where = bound[axis.name]
    if (axis.parts.length === 1)
      for (const i of where)
        at.set(i, [
          {
            axis: axis.name,
            name: axis.parts[0],
            size: shape[i],
            stride: strides[i],
            kept: kept.has(axis.parts[0]),
          },
        ])
    else for (const [i, dims] of splitAxis(axis, where, shape, strides, sizes, kept)) at.set(i, dims)
  }
  const dims = shape.flatMap((_, i) => at.get(i) ?? [])
  const cells = product(dims.filter((d) => d.kept).map((d) => d.size))
  const count = product(dims.filter((d) => !d.kept).map((d) => d.size))
  return { pattern: parsed, shape: [...shape], binding: bound, dims, size: product(shape), cells, count }
}

const isPattern = (value: unknown): value is Pattern =>
  typeof value === 'object' &&
  value !== null &&
  'axes' in value &&
  'keep' in value &&
  'source' in value &&
  value === parsePattern(String((value as Pattern).source))

/** Row-major strides in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = Array.from({ length: shape.length })
  for (let i = shape.length - 1, step = 1; i >= 0; step *= shape[i--]) strides[i] = step
  return strides
}

/** Binds every logical name to axes of x. Names left of `s` bind from the front, names right of it from the back. */
export function bindAxes(
  pattern: Pattern,
  rank: number,
  { axis, axes, layout }: Binding = {},
): Record<string, number[]> {
  const names = pattern.axes.map((a) => a.name)
  const given = [axis, axes, layout].filter((value) => value !== undefined).length
  if (given > 1)
    throw new NormlabError('axis', 'axis, axes and layout are given together', 'Give one of them')
  const bound: Record<string, number[]> = {}
  if (layout !== undefined) bindLayout(names, rank, layout, bound)
  else if (axes !== undefined) {
    for (const [name, value] of Object.entries(axes)) {
      if (!names.includes(name))
        throw new NormlabError(
          'axes',
          `the pattern ${show(pattern.source)} has no axis ${show(name)}`,
          `It has ${names.join(', ')}`,
        )
      bound[name] = canonicalAxes(`axes.${name}`, value, rank)
    }
  } else if (axis !== undefined) bound[featureName(names)] = canonicalAxes('axis', axis, rank)
  return bindRest(pattern, names, rank, bound)
}

/** The name that `axis` binds: c where the pattern has one, else o (weights), else the last. */
function featureName(names: readonly string[]): string {
  return ['c', 'o'].find((name) => names.includes(name)) ?? names[names.length - 1]
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
      `${show(layout)} has ${layout?.length} letters for an array of rank ${rank}`,
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
  const open = names.filter((name) => !(name in bound))
  const rest = open.find((name) => REST_NAMES.includes(name))
  const front = rest === undefined ? open : open.slice(0, open.indexOf(rest))
  const back = rest === undefined ? [] : open.slice(open.indexOf(rest) + 1)
  // A vector has no batch axis: n stands for nothing, unless the statistics reduce over it.
  if (free.length < front.length + back.length && front[0] === 'n' && pattern.keep.includes('n'))
    bound[front.shift()!] = []
  if (free.length < front.length + back.length)
    throw new NormlabError(
      'x',
      `rank ${rank} is too small for the pattern ${show(pattern.source)}`,
      'Add an axis, or bind names to no axis: axes: { n: [] }',
    )
  for (const name of front) bound[name] = [free.shift()!]
  for (const name of back.toReversed()) bound[name] = [free.pop()!]
  if (rest !== undefined) bound[rest] = free
  else if (free.length)
    throw new NormlabError(
      'x',
      `rank ${rank} does not fit the pattern ${show(pattern.source)}: axis ${free[0]} has no name`,
      'Bind it with axis or axes, or add s to the pattern',
    )
  return bound
}

function splitAxis(
  axis: LogicalAxis,
  where: readonly number[],
  shape: readonly number[],
  strides: readonly number[],
  sizes: Readonly<Record<string, unknown>>,
  kept: ReadonlySet<string>,
): [number, PlanDim[]][] {
  const whole = `${axis.name} = (${axis.parts.join(' ')})`
  if (where.some((a, i) => i > 0 && a !== where[i - 1] + 1))
    throw new NormlabError(
      'axis',
      `the split axis ${whole} is bound to axes ${show(where)}, which are not neighbours`,
      'Bind it to one axis, or to neighbours',
    )
  const total = product(where.map((i) => shape[i]))
  const known = axis.parts.filter((part) => sizes[part] !== undefined)
  for (const part of known)
    if (!Number.isInteger(sizes[part]) || (sizes[part] as number) < 1)
      throw new NormlabError(part, `${show(sizes[part])} is no size`, 'Give a positive integer')
  if (known.length < axis.parts.length - 1)
    throw new NormlabError(
      axis.parts.find((p) => !known.includes(p))!,
      `the sizes of ${whole} are not known`,
      `Give ${axis.parts[0]} as an option`,
    )
  const given = product(known.map((part) => sizes[part] as number))
  const exact = known.length === axis.parts.length
  if (total % given !== 0 || (exact && total !== given))
    throw new NormlabError(
      known[0],
      `${given} does not divide the ${total} elements of axis ${axis.name}`,
      `Give a divisor of ${total}`,
    )
  const partSizes = axis.parts.map((part) => (sizes[part] as number | undefined) ?? total / given)
  let stride = (where.length ? strides[where.at(-1)!] : 1) * total
  const dims = axis.parts.map((name, i) => {
    stride = partSizes[i] ? stride / partSizes[i] : stride
    return { axis: axis.name, name, size: partSizes[i], stride, kept: kept.has(name) }
  })
  return where.length ? [[where[0], dims]] : []
}
