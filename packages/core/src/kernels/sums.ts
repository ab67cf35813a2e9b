/** What backward adds up: sums over cells, and gradients of parameters in their common layout. */
import type { Laid } from '../boundary.ts'
import { sizeOf, type Prepared } from './prepare.ts'
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

export function takeSums({ spec, plan, walk: { layout }, arena }: Prepared, given: boolean): Sums {
  // Side by side: threads find the size of the one by the place of the next.
  const length = plan.cells * 2 + layout.length * 2
  const cells = arena.take(length * 8)
  const dgamma = cells + plan.cells * 16
  const dbeta = dgamma + layout.length * 8
  arena.heap.f64.fill(0, cells / 8, cells / 8 + length)
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

/** Views of kernel memory, but where the layout is not the parameter's own. */
export function gradientsOf(prepared: Prepared, sums: Sums, given: boolean): Gradients {
  const {
    plan,
    spec,
    walk: {
      layout,
      maps: [gammaMap, betaMap],
    },
    at,
    arena,
  } = prepared
  const { heap } = arena
  const of = (laid: Laid | undefined, map: Int32Array | null, from: number) =>
    laid && gather(sizeOf(laid), map, heap.doubles(from, layout.length))
  const gradients = {
    dgamma: of(spec.gamma, gammaMap, sums.dgamma),
    dbeta: of(spec.beta, betaMap, sums.dbeta),
  }
  if (!given) return gradients
  const rstd = heap.doubles(at.rstds, plan.cells)
  const cells = heap.doubles(sums.cells, plan.cells * 2)
  return {
    ...gradients,
    dmean: rstd.map((r, i) => -r * cells[i]),
    dvariance: rstd.map((r, i) => -0.5 * r * r * cells[plan.cells + i]),
  }
}
