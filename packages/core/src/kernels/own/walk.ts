/** Offsets into parameters for every element of x, in any layout. */
import type { Laid } from '../../boundary.ts'
import { cellOffsets, elementOffsets, offsetsOver } from '../../offsets.ts'
import type { Plan } from '../../plan.ts'

/** For each element of x in memory order, where a parameter laid over the plan has its value. */
export function offsetsIn({ strides }: Laid, plan: Plan): Int32Array {
  return offsetsOver(
    plan.dims.map((dim) => dim.size),
    strides,
  )
}

/** Calls `visit` for each cell with the offsets of its elements. The list is used again for the next cell. */
export function eachCell(plan: Plan, visit: (offsets: Int32Array, cell: number) => void): void {
  const at = elementOffsets(plan)
  const offsets = new Int32Array(at.length)
  cellOffsets(plan).forEach((origin, cell) => {
    for (let j = 0; j < at.length; j++) offsets[j] = origin + at[j]
    visit(offsets, cell)
  })
}
