/** Element offsets of a plan. An element of cell `c` stands at `cellOffsets[c] + elementOffsets[j]`, in any layout. */
import type { Plan, PlanDim } from './plan.ts'

/** Offsets of every index over loops of the given sizes and strides, outermost first. */
export function offsetsOver(sizes: readonly number[], strides: readonly number[]): Int32Array {
  let result = new Int32Array(1)
  for (let d = 0; d < sizes.length; d++) {
    const next = new Int32Array(result.length * sizes[d])
    for (let i = 0, to = 0; i < result.length; i++)
      for (let k = 0; k < sizes[d]; k++) next[to++] = result[i] + k * strides[d]
    result = next
  }
  return result
}

/** Offsets over the loops for which `test` holds. */
export const offsetsWhere = (
  dims: Plan['dims'],
  test: (dim: PlanDim, i: number) => unknown,
  strides: readonly number[] = dims.map((dim) => dim.stride),
): Int32Array =>
  offsetsOver(
    dims.filter(test).map((dim) => dim.size),
    strides.filter((_, i) => test(dims[i], i)),
  )

/** Offset of each cell's origin. `strides` (one a dim) default to x's; give a parameter's to walk that instead. */
export const cellOffsets = ({ dims }: Plan, strides?: readonly number[]): Int32Array =>
  offsetsWhere(dims, (dim) => dim.kept, strides)

/** Offset of each of a cell's elements from the cell's origin. */
export const elementOffsets = ({ dims }: Plan, strides?: readonly number[]): Int32Array =>
  offsetsWhere(dims, (dim) => !dim.kept, strides)

/** For each element of x, in memory order, the cell that it belongs to. */
export function cellIndex(plan: Plan): Int32Array {
  const result = new Int32Array(plan.size)
  const cellAt = cellOffsets(plan)
  const at = elementOffsets(plan)
  for (let cell = 0; cell < cellAt.length; cell++)
    for (let j = 0; j < at.length; j++) result[cellAt[cell] + at[j]] = cell
  return result
}
