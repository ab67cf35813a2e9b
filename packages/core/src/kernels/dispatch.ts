/** Chooses the kernels of a call: WebAssembly where it serves the plan, the scalar ones elsewhere. */
import type { FloatArray, Tensor } from '../tensor.ts'
import { columns } from './bytes/columns.ts'
import { columnsBack } from './bytes/columnsBack.ts'
import { rows } from './bytes/rows.ts'
import { rowsBack } from './bytes/rowsBack.ts'
import { columnsForward } from './columns.ts'
import { columnsBackward } from './columnsBack.ts'
import { callHeap, resultOf, type Heap } from './heap.ts'
import { prepare, statisticsOf } from './prepare.ts'
import { rowsForward } from './rows.ts'
import { rowsBackward } from './rowsBack.ts'
import * as scalar from './scalar.ts'
import { locate, type Source } from './stream.ts'
import { gradientsOf, takeSums } from './sums.ts'

const FORWARD = { rows, columns }
const BACKWARD = { rows: rowsBack, columns: columnsBack }

export interface Normalized {
  readonly y: Tensor
  readonly stats: scalar.CellStatistics
}

/**
 * Writes y, which is asked for once the kernels are sure of their scratch.
 * @returns the statistics, or null where the scalar kernels must do it.
 */
export function forwardOn(
  heap: Heap,
  spec: scalar.KernelSpec,
  x: Source,
  y: () => Source,
  given: scalar.CellStatistics | null,
): scalar.CellStatistics | null {
  const prepared = prepare(heap, FORWARD, spec, given)
  if (!prepared) return null
  const drive = prepared.nest.kind === 'rows' ? rowsForward : columnsForward
  return drive(prepared, x, y(), given !== null) ? (given ?? statisticsOf(prepared)) : null
}

/** Writes dx. @returns the other gradients, or null where the scalar kernels must do it. */
export function backwardOn(
  heap: Heap,
  spec: scalar.KernelSpec,
  [x, dy]: readonly [Source, Source],
  dx: () => Source,
  stats: scalar.CellStatistics,
  given: boolean,
): Omit<scalar.Gradients, 'dx'> | null {
  // Scaled by a spread around a mean that is not taken away: two centres, which the fast kernels do not keep apart.
  if (!spec.center && spec.scale === 'std' && !given) return null
  const prepared = prepare(heap, BACKWARD, spec, stats)
  if (!prepared) return null
  // Of few elements the gradient may be what cancellation leaves; of one it is 0.
  const columnwise = prepared.nest.kind === 'columns'
  if (spec.plan.count < (columnwise ? 16 : 2)) return null
  const sums = takeSums(prepared, given)
  const drive = columnwise ? columnsBackward : rowsBackward
  return drive(prepared, x, dy, dx(), sums) ? gradientsOf(prepared, sums) : null
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
    let y: Tensor<Float32Array> | undefined
    const to = () => locate(heap, (y = resultOf(shape, from.resident > 0)).data)
    const stats = forwardOn(heap, spec, from, to, given)
    if (stats) return { y: y!, stats }
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
  if (heap && x instanceof Float32Array && dy instanceof Float32Array) {
    const [from, up] = [locate(heap, x), locate(heap, dy)]
    let dx: Tensor<Float32Array> | undefined
    const to = () => locate(heap, (dx = resultOf(shape, from.resident > 0 && up.resident > 0)).data)
    const others = backwardOn(heap, spec, [from, up], to, stats, given)
    if (others) return { dx: dx!, ...others }
  }
  const dx = resultOf(shape, false)
  return { ...scalar.backward(spec, x, dy, stats, dx.data, given), dx }
}
