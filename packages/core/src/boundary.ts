/** Checks a call once, at the boundary, and turns it into what kernels and reference need. */
import { NormlabError, show } from './errors.ts'
import { planOf, product, type Binding, type Plan } from './plan.ts'
import { randomNormals } from './random.ts'
import { checkTensor, isFloats, sameList, type FloatArray, type Tensor } from './tensor.ts'
import type { Param, VariantRecord } from './variant.ts'

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
  if (typeof options !== 'object' || options === null)
    throw new NormlabError('options', `expected an object, got ${show(options)}`, 'Give options by name')
  const names = [...Object.keys(record.options), ...BINDING, ...known]
  for (const name of Object.keys(options))
    if (!names.includes(name))
      throw new NormlabError(name, `${record.name} has no such option`, `It has ${names.join(', ')}`)
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const resolved: Record<string, unknown> = { ...record.options, ...given }
  const { epsilon } = resolved
  if (epsilon !== undefined && !(typeof epsilon === 'number' && epsilon >= 0 && epsilon < Infinity))
    throw new NormlabError('epsilon', `${show(epsilon)} is no epsilon`, 'Give a finite number, 0 or greater')
  for (const [name, value] of Object.entries(record.options))
    if (typeof value === 'number' && name !== 'decay' && !Number.isFinite(resolved[name]))
      throw new NormlabError(
        name,
        `${show(resolved[name])} is no finite number`,
        `Give a number; the default is ${value}`,
      )
  return resolved
}

export function planCall(
  pattern: string,
  shape: readonly number[],
  options: Readonly<Record<string, unknown>>,
): Plan {
  if (Array.isArray(shape) && product(shape) >= 2 ** 31)
    throw new NormlabError('shape', `${show(shape)} has ${product(shape)} elements`, 'Give at most 2^31 - 1')
  return planOf(pattern, shape, options as Binding, options)
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

/** Shape of an array kept along `along`: the sizes of those axes of x, in x's order; parts give their part's size. */
export function shapeAlong(plan: Plan, along: string): number[] {
  const names = along.split(/\s+/).filter(Boolean)
  for (const name of names)
    if (!plan.pattern.axes.some((axis) => axis.name === name || axis.parts.includes(name)))
      throw new NormlabError(
        'params',
        `the pattern ${show(plan.pattern.source)} has no axis ${show(name)}`,
        'Keep parameters along axes or parts of the pattern',
      )
  const wholes = plan.pattern.axes.filter((axis) => names.includes(axis.name)).map((axis) => axis.name)
  const bound = wholes
    .flatMap((name) => plan.binding[name])
    .map((axis) => ({ order: axis, size: plan.shape[axis] }))
  const parts = plan.dims.flatMap((dim, i) =>
    names.includes(dim.name) && !wholes.includes(dim.axis)
      ? [{ order: plan.binding[dim.axis][0] + i / 1000, size: dim.size }]
      : [],
  )
  return [...bound, ...parts].toSorted((a, b) => a.order - b.order).map(({ size }) => size)
}

/** True where an array kept along `along` varies, one entry a loop of the plan. A whole axis wins over its parts. */
export function variesAlong(plan: Plan, along: string): boolean[] {
  const names = along.split(/\s+/).filter(Boolean)
  return plan.dims.map(
    (dim) => names.includes(dim.axis) || (names.includes(dim.name) && !names.includes(dim.axis)),
  )
}

/** The plan's sizes where an array kept along `along` varies, 1 elsewhere. */
export function spreadAlong(plan: Plan, along: string): number[] {
  const varies = variesAlong(plan, along)
  return plan.dims.map((dim, i) => (varies[i] ? dim.size : 1))
}

/** Initial values of a parameter or state of `size` elements. */
export function initialValues({ init }: Param, size: number): Float64Array {
  return init === 'normal' ? randomNormals(size) : new Float64Array(size).fill(init)
}

/**
 * Lays `value` over the plan along `along`.
 * A tensor of x's rank with sizes 1 where it does not vary is accepted as well.
 * @throws NormlabError naming `argument`.
 */
export function lay(argument: string, value: unknown, plan: Plan, along: string): Laid {
  const { wanted, length, spread, strides } = alongOf(plan, along)
  const { data: floats, shape: given } = (value ?? {}) as Partial<Tensor>
  // As it should be. Detached data have length 0.
  if (length > 0 && isFloats(floats) && floats.length === length && sameList(given, wanted))
    return { data: floats, spread, strides }
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
      show([...shape]),
      `Give ${show([...wanted])}: ${along ? `along ${along}` : 'a scalar'} of x's shape ${show([...plan.shape])}`,
    )
  return { data, spread, strides }
}

/** Strides of a packed array of shape `spread`, 0 in every dimension of size 1. */
export function stridesWhere(spread: readonly number[]): number[] {
  const strides: number[] = Array.from({ length: spread.length })
  for (let i = spread.length - 1, step = 1; i >= 0; step *= spread[i--])
    strides[i] = spread[i] === 1 ? 0 : step
  return strides
}

/** Lays a weight or mask over x: of x's shape, or broadcastable to it from the right or with sizes of 1. */
export function layBroadcast(argument: string, value: unknown, plan: Plan): Laid {
  checkTensor(argument, value)
  const padded = [...plan.shape.slice(value.shape.length).map(() => 1), ...value.shape]
  if (padded.length !== plan.shape.length || padded.some((size, i) => size !== 1 && size !== plan.shape[i]))
    throw new NormlabError(
      `${argument}.shape`,
      show([...value.shape]),
      `Give ${show([...plan.shape])}, or that with sizes of 1`,
    )
  const full = product(padded) === plan.size ? value.data : null
  const data = full ?? spreadOut(value.data, padded, plan.shape)
  const spread = plan.dims.map((dim) => dim.size)
  return { data, spread, strides: plan.dims.map((dim) => dim.stride) }
}

function spreadOut(data: FloatArray, from: readonly number[], to: readonly number[]): Float64Array {
  const strides = stridesWhere(from)
  const result = new Float64Array(product(to))
  for (let i = 0; i < result.length; i++) {
    let at = 0
    for (let d = to.length - 1, rest = i; d >= 0; rest = Math.floor(rest / to[d--]))
      at += (rest % to[d]) * strides[d]
    result[i] = data[at]
  }
  return result
}

/** Lays the parameters that a call gives. Missing ones are left out: they act as their initial value and get no gradient. */
export function layParams(record: VariantRecord, params: unknown, plan: Plan): Record<string, Laid> {
  if (typeof params !== 'object' || params === null)
    throw new NormlabError(
      'params',
      `expected an object, got ${show(params)}`,
      `Give { ${Object.keys(record.params).join(', ')} }`,
    )
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
