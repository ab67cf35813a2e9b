/** Chooses the kernels of a call: WebAssembly where it serves the plan, the scalar ones elsewhere. */
import type { FloatArray, Tensor } from '../tensor.ts'
import { columnsForward } from './columns.ts'
import { machine, place } from './heap.ts'
import { prepare, statisticsOf } from './prepare.ts'
import { rowsForward } from './rows.ts'
import * as scalar from './scalar.ts'
import { locate } from './stream.ts'

export interface Normalized {
  readonly y: Tensor
  readonly stats: scalar.CellStatistics
}

/** @param given the statistics to use (inference), else x's own. y lies in kernel memory where x does. */
export function forward(
  spec: scalar.KernelSpec,
  x: FloatArray,
  given: scalar.CellStatistics | null,
): Normalized {
  const { shape, size } = spec.plan
  const heap = machine()?.heap
  if (heap && x instanceof Float32Array) {
    const from = locate(heap, x)
    const prepared = prepare(spec, given)
    if (prepared) {
      const y = from.resident ? place(shape) : { data: new Float32Array(size), shape: [...shape] }
      const drive = prepared.nest.kind === 'rows' ? rowsForward : columnsForward
      if (drive(prepared, from, locate(heap, y.data), given !== null))
        return { y, stats: given ?? statisticsOf(prepared) }
    }
  }
  const stats = given ?? scalar.statistics(spec, x)
  const y = { data: new Float32Array(size), shape: [...shape] }
  scalar.forward(spec, x, y.data, stats)
  return { y, stats }
}
