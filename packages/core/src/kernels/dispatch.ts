/** Chooses the kernels of a call: WebAssembly where it serves the plan, the scalar ones elsewhere. */
import { product } from '../plan.ts'
import type { FloatArray, Tensor } from '../tensor.ts'
import { drivers } from './drivers.ts'
import { callHeap, Result, resultOf, type Heap } from './heap.ts'
import { prepare, statisticsOf } from './prepare.ts'
import * as scalar from './scalar.ts'
import { locate, locateResult, viewOf, type Source } from './stream.ts'
import { gradientsOf, takeSums } from './sums.ts'

type Statistics = scalar.CellStatistics

export interface Normalized {
  readonly y: Tensor
  readonly stats: Statistics
}

/** In the type of `data`. */
const ordinary = (data: FloatArray, shape: readonly number[]): Tensor =>
  data instanceof Float32Array
    ? resultOf(shape, false)
    : new Result(new Float64Array(product(shape)), shape.slice())

/** Whether it may be the parameters alone that keep the kernels away. */
const isApart = ({ plan, weights, gamma, beta }: scalar.KernelSpec): boolean =>
  !weights && plan.size > 0 && Boolean(gamma || beta)

/**
 * Forward on a heap, from and to where the caller says.
 * @param to asked once it is sure that there are kernels for the call.
 * @returns the statistics; undefined where the kernels cannot: y is then not written, or not wholly.
 */
export function forwardOn(
  heap: Heap,
  spec: scalar.KernelSpec,
  from: Source,
  to: () => Source,
  given: Statistics | null,
): Statistics | undefined {
  const prepared = prepare(heap, spec, given, given !== null)
  if (!prepared) return isApart(spec) ? drivers.apart?.forward(heap, spec, from, to, given) : undefined
  if (!prepared.driver.forward(prepared, from, to(), given !== null)) return undefined
  return given ?? statisticsOf(prepared)
}

/** @param given the statistics to use (inference), else x's own. y lies in kernel memory where x does. */
export function forward(spec: scalar.KernelSpec, x: FloatArray, given: Statistics | null): Normalized {
  const { shape, size } = spec.plan
  const heap = callHeap()
  let data = x
  if (heap && x instanceof Float32Array) {
    const from = locate(heap, x)
    let y: Tensor | undefined
    const to = () => locateResult((y = resultOf(shape, from.resident > 0)))
    const stats = forwardOn(heap, spec, from, to, given)
    if (stats) return { y: y!, stats }
    data = viewOf(heap, from, size)
  }
  const stats = given ?? scalar.statistics(spec, data)
  const y = ordinary(x, shape)
  scalar.forward(spec, data, y.data, stats)
  return { y, stats }
}

export interface Pulled extends scalar.Gradients {
  readonly dx: Tensor
}

/** As `forwardOn`. The gradients of parameters are views of kernel memory: copy them. */
export function backwardOn(
  heap: Heap,
  spec: scalar.KernelSpec,
  [from, up]: readonly [Source, Source],
  to: () => Source,
  stats: Statistics,
  given: boolean,
): scalar.Gradients | undefined {
  // Scaled by a spread around a mean that is not taken away: two centres, which the fast kernels do not keep apart.
  if (!spec.center && spec.scale === 'std' && !given) return undefined
  const prepared = prepare(heap, spec, stats, given)
  if (!prepared)
    return isApart(spec) ? drivers.apart?.backward(heap, spec, [from, up], to, stats, given) : undefined
  // Of few elements the gradient may be what cancellation leaves; of one it is 0.
  if (spec.plan.count < (prepared.nest.kind === 'columns' ? 16 : 2)) return undefined
  const sums = takeSums(prepared, given)
  if (!prepared.driver.backward(prepared, from, up, to(), sums)) return undefined
  return gradientsOf(prepared, sums, given)
}

/** See the scalar backward. dx lies in kernel memory where x and dy do. */
export function backward(
  spec: scalar.KernelSpec,
  x: FloatArray,
  dy: FloatArray,
  stats: Statistics,
  given: boolean,
): Pulled {
  const { shape, size } = spec.plan
  const heap = callHeap()
  let [data, upData] = [x, dy]
  if (heap && x instanceof Float32Array && dy instanceof Float32Array) {
    const [from, up] = [locate(heap, x), locate(heap, dy)]
    let dx: Tensor | undefined
    const to = () => locateResult((dx = resultOf(shape, from.resident > 0 && up.resident > 0)))
    const gradients = backwardOn(heap, spec, [from, up], to, stats, given)
    if (gradients) return { ...gradients, dx: dx! }
    data = viewOf(heap, from, size)
    upData = viewOf(heap, up, size)
  }
  const dx = ordinary(x, shape)
  return { ...scalar.backward(spec, data, upData, stats, dx.data, given), dx }
}
