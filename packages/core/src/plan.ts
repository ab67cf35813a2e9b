/** From a pattern and a shape to strides: which elements of x form a cell, the set that shares one statistic. */
import { NormlabError, show } from './errors.ts'
import { bindAxes, type Binding } from './binding.ts'
import type { LogicalAxis, Pattern } from './pattern.ts'

export type { Binding } from './binding.ts'

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

/** The loops of a split axis that is bound to the axes `where` of x. */
export type Split = (
  axis: LogicalAxis,
  where: readonly number[],
  shape: readonly number[],
  strides: readonly number[],
  sizes: Readonly<Record<string, unknown>>,
  keep: readonly string[],
) => PlanDim[]

/** What patterns with brackets take: who makes a record that may have some brings it. See brackets.ts. */
export const grammar: { parse?: (source: string) => Pattern; split?: Split } = {}

/** Without the whole grammar: the pattern of a plain norm, whose axes are all whole. */
function readPattern(source: string): Pattern {
  if (grammar.parse) return grammar.parse(source)
  const [left, right] = source.split('->').map((side) => side.split(' ').filter(Boolean))
  if (!right || ![...left, ...right].every((name) => left.includes(name) && /^\w+$/.test(name)))
    throw new NormlabError(
      'pattern',
      `${show(source)} is no list of whole axes`,
      'Import norm too: it reads other patterns',
    )
  const axes = left.map((name) => ({ name, parts: [name] }))
  return { source, axes, keep: left.filter((name) => right.includes(name)) }
}

/** As `planOf`, of what a call has checked. @throws NormlabError naming `axis`, `axes`, `layout`, the part, `shape` or `x`. */
export function planFor(
  pattern: string | Pattern,
  shape: readonly number[],
  binding: Binding,
  sizes: Readonly<Record<string, unknown>>,
): Plan {
  checkShape('shape', shape)
  const read = typeof pattern === 'string' ? readPattern(pattern) : pattern
  const { axes, keep } = read
  const bound = bindAxes(read, shape.length, binding)
  const strides = stridesOf(shape)
  const at: PlanDim[][] = []
  for (const axis of axes) {
    const { name, parts } = axis
    const where = bound[name]
    if (parts.length > 1) {
      const dims = grammar.split!(axis, where, shape, strides, sizes, keep)
      if (where.length) at[where[0]] = dims
    } else
      for (const i of where)
        at[i] = [{ axis: name, name, size: shape[i], stride: strides[i], kept: keep.includes(name) }]
  }
  const dims = at.flat()
  const count = (kept: boolean) => product(dims.map((dim) => (dim.kept === kept ? dim.size : 1)))
  return {
    pattern: read,
    shape: [...shape],
    binding: bound,
    dims,
    size: product(shape),
    cells: count(true),
    count: count(false),
  }
}

/** Row-major strides in elements, of an array packed over the axes along which it varies; 0 along the others. */
export function stridesOf(sizes: readonly number[], varies: (i: number) => unknown = () => true): number[] {
  const strides = sizes.map(() => 0)
  for (let i = sizes.length - 1, step = 1; i >= 0; i--)
    if (varies(i)) {
      strides[i] = step
      step *= sizes[i]
    }
  return strides
}
