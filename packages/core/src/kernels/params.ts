/** gamma and beta in one common layout, float32, as the kernels read them; and their gradients back in their own. */
import type { Laid as Placed } from '../boundary.ts'
import { offsetsWhere } from '../offsets.ts'
import { product, type PlanDim } from '../plan.ts'

/** A parameter over the dims that are walked. */
export type Laid = Pick<Placed, 'data' | 'strides'>

export const sizesOf = (dims: readonly PlanDim[]): number[] => dims.map((dim) => dim.size)
export const countOf = (dims: readonly PlanDim[]): number => product(sizesOf(dims))

/** Splits dims into head, and a tail of dims for which `test` holds. */
export function cut<T>(list: readonly T[], test: (value: T) => boolean): [T[], T[]] {
  let i = list.length
  while (i > 0 && test(list[i - 1])) i--
  return [list.slice(0, i), list.slice(i)]
}

/** Leaves out dims of size 1: no nest is made of them. */
export function compact(dims: readonly PlanDim[]): {
  dims: PlanDim[]
  lay(laid: Placed | undefined): Laid | undefined
} {
  const wide = dims.map((dim) => dim.size > 1)
  return {
    dims: dims.filter((_, i) => wide[i]),
    lay: (laid) => laid && { data: laid.data, strides: laid.strides.filter((_, i) => wide[i]) },
  }
}

export interface Layout {
  /** Strides of the packed common layout, 0 where it does not vary. */
  readonly strides: readonly number[]
  readonly length: number
}

/** For each entry of the layout, where the parameter has its value; null where the two are the same. */
export const mapOf = (
  dims: readonly PlanDim[],
  { strides, length }: Layout,
  laid: Laid | undefined,
): Int32Array | null =>
  !laid || laid.data.length === length ? null : offsetsWhere(dims, (_, i) => strides[i], laid.strides)

/** Writes a parameter's `length` entries of the layout to `to[at]` on; `plus` is added (1 + gamma). */
export function spread(
  to: Float32Array,
  at: number,
  length: number,
  laid: Pick<Laid, 'data'> | undefined,
  map: Int32Array | null,
  absent: number,
  plus: number,
): void {
  if (!laid) to.fill(absent, at, at + length)
  else if (map) for (let i = 0; i < length; i++) to[at + i] = laid.data[map[i]] + plus
  else if (plus) for (let i = 0; i < length; i++) to[at + i] = laid.data[i] + plus
  else to.set(laid.data, at)
}

/** The gradient of a parameter, from that of its layout. */
export function gather(size: number, map: Int32Array | null, from: Float64Array): Float64Array {
  if (!map) return from
  const result = new Float64Array(size)
  for (let i = 0; i < map.length; i++) result[map[i]] += from[i]
  return result
}
