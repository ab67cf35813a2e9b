/** Parameters and state by name: those that nobody gave, and what comes of them. */
import { spreadAlong, stridesWhere, type Laid } from './boundary.ts'
import { product, type Plan } from './plan.ts'
import { randomNormals } from './random.ts'
import { tensorLike, type Tensor } from './tensor.ts'
import type { Param, VariantRecord } from './variant.ts'

/** Initial values of a parameter or state of `size` elements. */
export function initialValues({ init }: Param, size: number): Float64Array {
  return init === 'normal' ? randomNormals(size) : new Float64Array(size).fill(init)
}

/** The same names, each with what `f` makes of its value. */
export const mapValues = <T, U>(
  values: Readonly<Record<string, T>>,
  f: (value: T, name: string) => U,
): Record<string, U> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, f(value, name)]))

/** Every parameter of the record, laid over the plan: those of the call, and the others at their initial values. */
export const allParams = (
  { record, params }: { readonly record: VariantRecord; readonly params: Readonly<Record<string, Laid>> },
  plan: Plan,
): Record<string, Laid> =>
  mapValues(record.params, (param, name) => {
    const spread = spreadAlong(plan, param.along)
    return (
      params[name] ?? { data: initialValues(param, product(spread)), spread, strides: stridesWhere(spread) }
    )
  })

export type Arrays = Readonly<Record<string, ArrayLike<number>>>
type Tensors = Readonly<Record<string, Tensor>>

/** Values by name as tensors of x's type, in the shapes of `like`. */
export const tensors = (
  { x }: { readonly x: Tensor },
  values: Arrays,
  like: Tensors,
): Record<string, Tensor> => mapValues(values, (data, name) => tensorLike(x, data, like[name].shape))

/** `d` + the name of each parameter that the call gives. */
export function gradients(
  call: { readonly x: Tensor; readonly given: Tensors },
  values: Arrays,
): Record<string, Tensor> {
  const chosen = Object.entries(values).filter(([name]) => call.given[name] !== undefined)
  const all = Object.entries(tensors(call, Object.fromEntries(chosen), call.given))
  return Object.fromEntries(all.map(([name, tensor]) => [`d${name}`, tensor]))
}
