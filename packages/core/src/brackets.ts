/** Axes in parts, and the plans of whoever writes patterns. */
import type { Binding } from './binding.ts'
import { checkNumber, checkOptions, NormlabError, show } from './errors.ts'
import { parsePattern, type LogicalAxis, type Pattern } from './pattern.ts'
import { grammar, planFor, product, type Plan, type PlanDim } from './plan.ts'

/** From now on patterns may have brackets. */
export function serveBrackets(): void {
  grammar.parse = parsePattern
  grammar.split = splitAxis
}

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
  serveBrackets()
  const parsed = parsePattern(typeof pattern === 'string' ? pattern : (pattern?.source ?? pattern))
  checkOptions('binding', binding)
  checkOptions('sizes', sizes)
  return planFor(parsed, shape, binding, sizes)
}

function splitAxis(
  axis: LogicalAxis,
  where: readonly number[],
  shape: readonly number[],
  strides: readonly number[],
  sizes: Readonly<Record<string, unknown>>,
  keep: readonly string[],
): PlanDim[] {
  const whole = `${axis.name} = (${axis.parts.join(' ')})`
  if (where.some((a, i) => i > 0 && a !== where[i - 1] + 1))
    throw new NormlabError(
      'axis',
      `the split axis ${whole} is bound to axes ${show(where)}, not neighbours`,
      'Bind it to one axis, or to neighbours',
    )
  const total = product(where.map((i) => shape[i]))
  const known = axis.parts.filter((part) => sizes[part] !== undefined)
  for (const part of known) checkNumber(part, sizes[part], [1, 1])
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
  return axis.parts.map((name, i) => {
    stride = partSizes[i] ? stride / partSizes[i] : stride
    return { axis: axis.name, name, size: partSizes[i], stride, kept: keep.includes(name) }
  })
}
