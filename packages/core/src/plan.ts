/** From a pattern and a shape to strides: which elements of x form a cell, the set that shares one statistic. */
import { checkOptions, NormlabError, show } from './errors.ts'
import { bindAxes, type Binding } from './binding.ts'
import { parsePattern, type LogicalAxis, type Pattern } from './pattern.ts'

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
