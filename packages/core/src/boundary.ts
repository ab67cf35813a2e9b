/** Checks a call once, at the boundary, and turns it into what kernels and reference need. */
import { checkNumber, checkOptions, NormlabError, show } from './errors.ts'
import { offsetsOver } from './offsets.ts'
import { planFor, product, stridesOf, type Binding, type Plan } from './plan.ts'
import { checkTensor, isTensorOf, sameList, type FloatArray, type Tensor } from './tensor.ts'
import type { CommonRecord, Param, VariantRecord } from './variant.ts'

const BINDING = ['axis', 'axes', 'layout'] as const

/** A parameter, weight or state array laid over a plan: `strides` has one entry a loop, 0 where it does not vary. */
export interface Laid {
  readonly data: FloatArray
  readonly strides: readonly number[]
  /** The plan's rank, sizes 1 where it does not vary. */
  readonly spread: readonly number[]
}

/** @throws NormlabError for an option that the variant does not know, or a value out of its range. */
export function resolveOptions(
  record: VariantRecord,
  options: Readonly<Record<string, unknown>>,
  known: readonly string[],
): Record<string, unknown> {
  checkOptions('options', options)
  const names = [...Object.keys(record.options), ...BINDING, ...known]
  for (const name of Object.keys(options))
    if (!names.includes(name))
      throw new NormlabError(name, `${record.name} has no such option`, `It has ${names.join(', ')}`)
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const resolved: Record<string, unknown> = { ...record.options, ...given }
  const ranges: CommonRecord['ranges'] = { epsilon: [0], rate: [0, 0, 1], ...record.ranges }
  for (const [name, value] of Object.entries(record.options))
    if (typeof value === 'number' && name !== 'decay') checkNumber(name, resolved[name], ranges[name])
  return resolved
}

export function planCall(
  pattern: string,
  shape: readonly number[],
  options: Readonly<Record<string, unknown>>,
): Plan {
  if (Array.isArray(shape) && product(shape) >= 2 ** 31)
    throw new NormlabError('shape', `${show(shape)} has ${product(shape)} elements`, 'Give at most 2^31 - 1')
  return planFor(pattern, shape, options as Binding, options)
}

interface Along {
  readonly length: number
  readonly wanted: readonly number[]
  readonly spread: readonly number[]
  readonly strides: readonly number[]
}
const alongs = new WeakMap<Plan, Map<string, Along>>()

/** Shape, spread and strides of an array kept along `along`, worked out once a plan. */
function alongOf(plan: Plan, along: string): Along {
  let known = alongs.get(plan)
  if (!known) alongs.set(plan, (known = new Map()))
  let entry = known.get(along)
  if (!entry) {
    const spread = spreadAlong(plan, along)
    const wanted = shapeAlong(plan, along)
    entry = { length: product(wanted), wanted, spread, strides: stridesWhere(spread) }
    known.set(along, entry)
  }
  return entry
}

const namesIn = (along: string): string[] => along.split(/\s+/).filter(Boolean)

/** Shape of an array kept along `along`: the sizes of those axes of x, in x's order; parts give their part's size. */
export function shapeAlong({ pattern, dims, binding, shape }: Plan, along: string): number[] {
  const names = namesIn(along)
  const { axes } = pattern
  for (const name of names)
    if (!axes.some((axis) => axis.name === name || axis.parts.includes(name)))
      throw new NormlabError(
        'params',
        `the pattern ${show(pattern.source)} has no axis ${show(name)}`,
        'Keep parameters along axes or parts of the pattern',
      )
  return dims.flatMap(({ axis, name, size }) => {
    const { parts } = axes.find((one) => one.name === axis)!
    // A split axis that is named as a whole has the sizes of the axes of x.
    if (parts.length > 1 && names.includes(axis))
      return name === parts[0] ? binding[axis].map((i) => shape[i]) : []
    return names.includes(axis) || names.includes(name) ? size : []
  })
}

/** The plan's sizes where an array kept along `along` varies, 1 elsewhere. */
export function spreadAlong({ dims }: Plan, along: string): number[] {
  const names = namesIn(along)
  return dims.map(({ axis, name, size }) => (names.includes(axis) || names.includes(name) ? size : 1))
}

/**
 * Lays `value` over the plan along `along`.
 * A tensor of x's rank with sizes 1 where it does not vary is accepted as well.
 * @throws NormlabError naming `argument`.
 */
export function lay(argument: string, value: unknown, plan: Plan, along: string): Laid {
  const { wanted, length, spread, strides } = alongOf(plan, along)
  if (isTensorOf(value, wanted, length)) return { data: value.data, spread, strides }
  checkTensor(argument, value)
  const squeezed = (shape: readonly number[]) => String(shape.filter((size) => size !== 1))
  const { shape, data } = value
  if (
    !sameList(shape, wanted) &&
    !(shape.length === plan.shape.length && squeezed(shape) === squeezed(wanted)) &&
    !(wanted.length === 0 && data.length === 1)
  )
    throw new NormlabError(
      `${argument}.shape`,
      show(shape),
      `Give ${show(wanted)}: ${along ? `along ${along}` : 'a scalar'} of x's shape ${show(plan.shape)}`,
    )
  return { data, spread, strides }
}

/** Strides of a packed array of shape `spread`, 0 in every dimension of size 1. */
export const stridesWhere = (spread: readonly number[]): number[] => stridesOf(spread, (i) => spread[i] !== 1)

/** Lays a weight or mask over x: of x's shape, or broadcastable to it from the right or with sizes of 1. */
export function layBroadcast(argument: string, value: unknown, plan: Plan): Laid {
  checkTensor(argument, value)
  const padded = [...plan.shape.slice(value.shape.length).map(() => 1), ...value.shape]
  if (padded.length !== plan.shape.length || padded.some((size, i) => size !== 1 && size !== plan.shape[i]))
    throw new NormlabError(
      `${argument}.shape`,
      show(value.shape),
      `Give ${show(plan.shape)}, or that with sizes of 1`,
    )
  const { size, dims } = plan
  return {
    data:
      product(padded) === size
        ? value.data
        : Float64Array.from(offsetsOver(plan.shape, stridesWhere(padded)), (at) => value.data[at]),
    spread: dims.map((dim) => dim.size),
    strides: dims.map((dim) => dim.stride),
  }
}

/** Shape of a parameter. @throws NormlabError for one that the record does not have. */
export function shapeOfParam(
  { name: variant, params }: VariantRecord,
  name: string,
  plan: () => Plan,
): number[] {
  if (!Object.hasOwn(params, name))
    throw new NormlabError(
      'name',
      `${variant} has no parameter ${show(name)}`,
      `It has ${Object.keys(params).join(', ') || 'none'}`,
    )
  return shapeAlong(plan(), params[name].along)
}

/** @throws NormlabError where `saved` is not the record's, or `dy` not of its shape. */
export function checkPull(
  record: VariantRecord,
  dy: Tensor,
  saved: { readonly plan: Plan; readonly call: { readonly record: VariantRecord; readonly x: Tensor } },
): void {
  const ours = saved?.call?.record === record
  if (ours && isTensorOf(dy, saved.call.x.shape, saved.plan.size)) return
  checkTensor('dy', dy)
  if (!ours)
    throw new NormlabError(
      'saved',
      `it is not from ${record.name}.forward`,
      "Give the saved of this variant's own forward",
    )
  const { shape } = saved.call.x
  if (!sameList(dy.shape, shape))
    throw new NormlabError('dy.shape', show(dy.shape), `Give y's shape, ${show(shape)}`)
}

/** Lays the parameters that a call gives. Missing ones are left out: they act as their initial value and get no gradient. */
export function layParams(record: VariantRecord, params: unknown, plan: Plan): Record<string, Laid> {
  checkOptions('params', params, `Give { ${Object.keys(record.params).join(', ')} }`)
  const laid: Record<string, Laid> = {}
  for (const name of Object.keys(params)) {
    const value = (params as Record<string, unknown>)[name]
    const param: Param | undefined = record.params[name]
    if (!param)
      throw new NormlabError(
        name,
        `${record.name} has no such parameter`,
        `It has ${Object.keys(record.params).join(', ') || 'none'}`,
      )
    if (value !== undefined) laid[name] = lay(name, value, plan, param.along)
  }
  return laid
}
