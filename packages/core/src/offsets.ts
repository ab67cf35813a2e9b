/** Element offsets of a plan. An element of cell `c` stands at `cellOffsets[c] + elementOffsets[j]`, in any layout. */
import type { Plan } from './plan.ts'

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

const along = (plan: Plan, kept: boolean, strides: readonly number[]): Int32Array => {
  const chosen = plan.dims
    .map((dim, i) => ({ dim, stride: strides[i] }))
    .filter(({ dim }) => dim.kept === kept)
  return offsetsOver(
    chosen.map(({ dim }) => dim.size),
    chosen.map(({ stride }) => stride),
  )
}

/** Offset of each cell's origin. `strides` (one a dim) default to x's; give a parameter's to walk that instead. */
export function cellOffsets(
  plan: Plan,
  strides: readonly number[] = plan.dims.map((dim) => dim.stride),
): Int32Array {
  return along(plan, true, strides)
}

/** Offset of each of a cell's elements from the cell's origin. */
export function elementOffsets(
  plan: Plan,
  strides: readonly number[] = plan.dims.map((dim) => dim.stride),
): Int32Array {
  return along(plan, false, strides)
}

/** For each element of x, in memory order, the cell that it belongs to. */
export function cellIndex(plan: Plan): Int32Array {
  const result = new Int32Array(plan.size)
  const cellAt = cellOffsets(plan)
  const at = elementOffsets(plan)
  for (let cell = 0; cell < cellAt.length; cell++)
    for (let j = 0; j < at.length; j++) result[cellAt[cell] + at[j]] = cell
  return result
}
