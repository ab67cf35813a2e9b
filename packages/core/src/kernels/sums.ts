/** What backward adds up: sums over cells, and gradients of parameters in their common layout. */
import type { Prepared } from './prepare.ts'
import { gather } from './params.ts'
import type { Gradients } from './scalar.ts'

export interface Sums {
  /** Address of two float64 a cell: all sums of g, then all of g xhat. */
  readonly cells: number
  /** Addresses in float64, one a place of the layout. */
  readonly dgamma: number
  readonly dbeta: number
  /** What the sums are divided by in dx; 0 where dx has no such term, nor has it the second where variance <= least. */
  readonly centred: number
  readonly scaled: number
  readonly least: number
}

export function takeSums({ spec, plan, layout, arena }: Prepared, given: boolean): Sums {
  const cells = arena.take(plan.cells * 16)
  const dgamma = arena.take(layout.length * 8)
  const dbeta = arena.take(layout.length * 8)
  arena.heap.doubles(cells, plan.cells * 2).fill(0)
  arena.heap.doubles(dgamma, layout.length).fill(0)
  arena.heap.doubles(dbeta, layout.length).fill(0)
  const { scale, epsilon, center } = spec
  return {
    cells,
    dgamma,
    dbeta,
    centred: !given && center ? plan.count : 0,
    scaled: given || scale === 'none' ? 0 : scale === 'l2' ? 1 : plan.count,
    // Below epsilon, l2's factor is the constant 1 / epsilon.
    least: scale === 'l2' ? epsilon ** 2 : -1,
  }
}

export function gradientsOf(prepared: Prepared, sums: Sums): Omit<Gradients, 'dx'> {
  const { plan, dims, layout, gamma, beta, at } = prepared
  const { heap } = prepared.arena
  const rstd = heap.doubles(at.rstds, plan.cells)
  const cells = heap.doubles(sums.cells, plan.cells * 2)
  return {
    dgamma: gamma && gather(dims, layout, gamma, heap.doubles(sums.dgamma, layout.length)),
    dbeta: beta && gather(dims, layout, beta, heap.doubles(sums.dbeta, layout.length)),
    dmean: Float64Array.from(rstd, (r, i) => -r * cells[i]),
    dvariance: Float64Array.from(rstd, (r, i) => -0.5 * r * r * cells[plan.cells + i]),
  }
}
