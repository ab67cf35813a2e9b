/** Chooses the kernels of a call: WebAssembly where it serves the plan, the scalar ones elsewhere. */
import type { FloatArray, Tensor } from '../tensor.ts'
import { columns } from './bytes/columns.ts'
import { columnsBack } from './bytes/columnsBack.ts'
import { rows } from './bytes/rows.ts'
import { rowsBack } from './bytes/rowsBack.ts'
import { columnsForward } from './columns.ts'
import { columnsBackward } from './columnsBack.ts'
import { callHeap, resultOf } from './heap.ts'
import { prepare, statisticsOf } from './prepare.ts'
import { rowsForward } from './rows.ts'
import { rowsBackward } from './rowsBack.ts'
import * as scalar from './scalar.ts'
import { locate } from './stream.ts'
import { gradientsOf, takeSums } from './sums.ts'

const FORWARD = { rows, columns }
const BACKWARD = { rows: rowsBack, columns: columnsBack }

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
  const { shape } = spec.plan
  const heap = callHeap()
  if (heap && x instanceof Float32Array) {
    const from = locate(heap, x)
    const prepared = prepare(heap, FORWARD, spec, given)
    if (prepared) {
      const y = resultOf(shape, from.resident > 0)
      const drive = prepared.nest.kind === 'rows' ? rowsForward : columnsForward
      if (drive(prepared, from, locate(heap, y.data), given !== null))
        return { y, stats: given ?? statisticsOf(prepared) }
    }
  }
  const stats = given ?? scalar.statistics(spec, x)
  const y = resultOf(shape, false)
  scalar.forward(spec, x, y.data, stats)
  return { y, stats }
}

export interface Pulled extends Omit<scalar.Gradients, 'dx'> {
  readonly dx: Tensor
}

/** See the scalar backward. dx lies in kernel memory where x and dy do. */
export function backward(
  spec: scalar.KernelSpec,
  x: FloatArray,
  dy: FloatArray,
  stats: scalar.CellStatistics,
  given: boolean,
): Pulled {
  const { shape } = spec.plan
  const heap = callHeap()
  // Scaled by a spread around a mean that is not taken away: two centres, which the fast kernels do not keep apart.
  const plain = spec.center || spec.scale !== 'std' || given
  if (heap && plain && x instanceof Float32Array && dy instanceof Float32Array) {
    const [from, up] = [locate(heap, x), locate(heap, dy)]
    const prepared = prepare(heap, BACKWARD, spec, stats)
    // Columns of few elements: the gradient may be what cancellation leaves.
    if (prepared && (prepared.nest.kind === 'rows' || spec.plan.count >= 16)) {
      const sums = takeSums(prepared, given)
      const dx = resultOf(shape, from.resident > 0 && up.resident > 0)
      const drive = prepared.nest.kind === 'rows' ? rowsBackward : columnsBackward
      if (drive(prepared, from, up, locate(heap, dx.data), sums)) {
        const { dx: _, ...others } = gradientsOf(prepared, sums, dx.data)
        return { dx, ...others }
      }
    }
  }
  const dx = resultOf(shape, false)
  return { ...scalar.backward(spec, x, dy, stats, dx.data, given), dx }
}
