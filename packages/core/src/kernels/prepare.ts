/** What a call of the kernels stands on: nest, parameters, tables and statistics, laid out in kernel memory. */
import type { Plan, PlanDim } from '../plan.ts'
import { arenaOf, type Arena } from './arena.ts'
import type { Heap } from './heap.ts'
import type { Kernels, Source } from './module.ts'
import { nestOf, type ColumnNest, type Nest } from './nest.ts'
import { compact, layoutOf, spread, type Laid, type Layout } from './params.ts'
import type { CellStatistics, KernelSpec } from './scalar.ts'

export interface Prepared {
  readonly spec: KernelSpec
  readonly gamma: Laid | undefined
  readonly beta: Laid | undefined
  readonly plan: Plan
  readonly nest: Nest
  readonly layout: Layout
  /** The plan's dims of more than one. */
  readonly dims: readonly PlanDim[]
  readonly arena: Arena
  readonly kernels: Kernels
  /** Codes of assembly/cell.ts. */
  readonly scale: number
  readonly center: number
  readonly centers: number
  /** Addresses. 0: there is none. */
  readonly at: {
    readonly gamma: number
    readonly beta: number
    readonly cellAt: number
    readonly paramAt: number
    readonly means: number
    readonly variances: number
    readonly rstds: number
  }
}

const SCALES = { std: 0, rms: 1, l2: 2, none: 3 }

interface Walk {
  readonly dims: readonly PlanDim[]
  readonly layout: Layout
  readonly nest: Nest
  /** Strides of the parameters over `dims`. */
  readonly gamma: readonly number[]
  readonly beta: readonly number[]
}
const walks = new WeakMap<Plan, { gamma?: readonly number[]; beta?: readonly number[]; walk: Walk | null }>()

/** How a plan is walked with parameters laid so, worked out once. */
function walkOf(plan: Plan, gamma: KernelSpec['gamma'], beta: KernelSpec['beta']): Walk | null {
  const known = walks.get(plan)
  if (known && known.gamma === gamma?.strides && known.beta === beta?.strides) return known.walk
  const { dims, lay } = compact(plan.dims)
  const laid = [lay(gamma), lay(beta)]
  const layout = layoutOf(dims, laid)
  const nest = nestOf(dims, layout)
  const walk = nest && { dims, layout, nest, gamma: laid[0]?.strides ?? [], beta: laid[1]?.strides ?? [] }
  walks.set(plan, { gamma: gamma?.strides, beta: beta?.strides, walk })
  return walk
}

/** @returns undefined where the scalar kernels must do it: no WebAssembly, weights, no elements, a nest of another form. */
export function prepare(
  heap: Heap,
  modules: Readonly<Record<Nest['kind'], Source>>,
  spec: KernelSpec,
  stats: CellStatistics | null,
): Prepared | undefined {
  const { plan, gammaPlus, weights, scale } = spec
  if (weights || plan.size === 0) return undefined
  const walk = walkOf(plan, spec.gamma, spec.beta)
  if (!walk) return undefined
  const { dims, layout, nest } = walk
  const gamma = spec.gamma && { data: spec.gamma.data, strides: walk.gamma }
  const beta = spec.beta && { data: spec.beta.data, strides: walk.beta }
  const kernels = heap.kernels(modules[nest.kind])
  if (!kernels) return undefined
  const arena = arenaOf(heap)
  const table = (values: Int32Array | null): number => (values ? arena.take(values.byteLength) : 0)
  const statistics = arena.take(plan.cells * 24)
  const at = {
    gamma: arena.take(layout.length * 4),
    beta: arena.take(layout.length * 4),
    cellAt: table(nest.cellAt),
    paramAt: table(nest.paramAt),
    means: statistics,
    variances: statistics + plan.cells * 8,
    rstds: statistics + plan.cells * 16,
  }
  spread(dims, layout, gamma, heap.floats(at.gamma, layout.length), { absent: 1, plus: gammaPlus })
  spread(dims, layout, beta, heap.floats(at.beta, layout.length), { absent: 0, plus: 0 })
  if (nest.cellAt) heap.integers(at.cellAt, nest.cellAt.length).set(nest.cellAt)
  if (nest.paramAt) heap.integers(at.paramAt, nest.pieces).set(nest.paramAt)
  if (stats) {
    heap.doubles(at.means, plan.cells).set(stats.mean)
    heap.doubles(at.variances, plan.cells).set(stats.variance)
    heap.doubles(at.rstds, plan.cells).set(stats.rstd)
  }
  return {
    spec,
    gamma,
    beta,
    plan,
    nest,
    layout,
    dims,
    arena,
    kernels,
    at,
    scale: SCALES[scale],
    center: Number(spec.center),
    centers: Number(spec.center || scale === 'std'),
  }
}

/** The statistics, copied out. */
export function statisticsOf({ arena: { heap }, at, plan: { cells } }: Prepared): CellStatistics {
  const all = heap.doubles(at.means, cells * 3).slice()
  return {
    mean: all.subarray(0, cells),
    variance: all.subarray(cells, cells * 2),
    rstd: all.subarray(cells * 2),
  }
}

/**
 * Statistics of cells from those of their pieces: `fine` are the addresses of means and variances. Of one block alone,
 * where cells do not reach over several.
 */
export function mergePieces(
  { spec, plan, nest, kernels, at, scale }: Prepared,
  fine: number[],
  block = -1,
): void {
  const blocks = block < 0 ? 1 : (nest as ColumnNest).batches
  const [pieces, cells] = [nest.pieces / blocks, plan.cells / blocks]
  const i = Math.max(block, 0)
  kernels.merge(
    pieces,
    ...fine.slice(0, 2).map((p) => p + i * pieces * 8),
    at.cellAt,
    cells,
    plan.count,
    scale,
    spec.epsilon,
    ...[at.means, at.variances, at.rstds].map((p) => p + i * cells * 8),
  )
}
