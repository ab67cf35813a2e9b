/** gamma and beta in one common layout, float32, as the kernels read them; and their gradients back in their own. */
import type { Laid as Placed } from '../boundary.ts'
import { offsetsOver } from '../offsets.ts'
import type { PlanDim } from '../plan.ts'

/** A parameter over the dims that are walked. */
export type Laid = Pick<Placed, 'data' | 'strides'>

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
  /** One entry a dim: whether gamma or beta varies along it. */
  readonly varies: readonly boolean[]
  /** Strides of the packed common layout, 0 where it does not vary. */
  readonly strides: readonly number[]
  readonly length: number
}

/**
 * The layout that holds gamma and beta both. Along the trailing reduced dims it may only read "vary, then not", "not, then
 * vary", or either alone, and what does not vary must be worth a loop; otherwise it varies along all of them.
 */
export function layoutOf(dims: readonly PlanDim[], laid: readonly (Laid | undefined)[]): Layout {
  const varies = dims.map((_, i) => laid.some((param) => param !== undefined && param.strides[i] !== 0))
  let tail = dims.length
  while (tail > 0 && !dims[tail - 1].kept) tail--
  const run = dims.flatMap((_, i) => (i >= tail ? [i] : []))
  const changes = run.filter((i, j) => j > 0 && varies[i] !== varies[run[j - 1]]).length
  const inner = run.length ? varies[run.at(-1)!] : false
  const constant = run.reduce((size, i) => (varies[i] ? 1 : size * dims[i].size), 1)
  if (changes > 1 || (changes === 1 && !inner && constant < 8)) for (const i of run) varies[i] = true
  const strides = dims.map(() => 0)
  let length = 1
  for (let i = dims.length - 1; i >= 0; i--)
    if (varies[i]) {
      strides[i] = length
      length *= dims[i].size
    }
  return { varies, strides, length }
}

/** For each entry of the layout, where the parameter has its value; null where the two are the same. */
export function mapOf(dims: readonly PlanDim[], layout: Layout, laid: Laid | undefined): Int32Array | null {
  if (!laid || laid.data.length === layout.length) return null
  const chosen = dims.flatMap((_, i) => (layout.strides[i] ? [i] : []))
  return offsetsOver(
    chosen.map((i) => dims[i].size),
    chosen.map((i) => laid.strides[i]),
  )
}

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
