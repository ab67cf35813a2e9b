/** What a call of the kernels stands on: nest, parameters, tables and statistics, laid out in kernel memory. */
import type { Laid } from '../boundary.ts'
import { product, type Plan } from '../plan.ts'
import { arenaOf, type Arena } from './arena.ts'
import { residence, type Heap } from './heap.ts'
import type { Kernels, Source } from './module.ts'
import { nestOf, type ColumnNest, type Ground, type Nest } from './nest.ts'
import { compact, layoutOf, mapOf, spread, type Layout } from './params.ts'
import type { CellStatistics, KernelSpec } from './scalar.ts'
import { Packed } from './statistics.ts'

/** How a plan is walked with parameters laid so: worked out once. */
export interface Walk {
  readonly layout: Layout
  readonly nest: Nest
  /** From the common layout to each parameter's own. */
  readonly gammaMap: Int32Array | null
  readonly betaMap: Int32Array | null
}

/** Forward and backward are modules of their own. */
type Pass = 'forwardBytes' | 'backwardBytes'

type Drivers = { readonly [K in Nest['kind']]?: Readonly<Record<Pass, Source>> } & {
  readonly columns?: { nest(ground: Ground): ColumnNest | null }
}

export interface Prepared extends Walk {
  readonly spec: KernelSpec
  readonly plan: Plan
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

export const sizeOf = ({ spread: sizes }: Laid): number => product(sizes)

const SCALES = { std: 0, rms: 1, l2: 2, none: 3 }

interface Known {
  readonly gamma?: readonly number[]
  readonly beta?: readonly number[]
  readonly walk: Walk
}
const walks = new WeakMap<Plan, Known>()

function walkOf({ plan, gamma, beta }: KernelSpec, { columns }: Drivers): Walk | null {
  const known = walks.get(plan)
  if (known && known.gamma === gamma?.strides && known.beta === beta?.strides) return known.walk
  const { dims, lay } = compact(plan.dims)
  const laid = [lay(gamma), lay(beta)]
  const layout = layoutOf(dims, laid)
  const nest = nestOf(dims, layout, columns?.nest)
  if (!nest) return null
  const [gammaMap, betaMap] = laid.map((param) => mapOf(dims, layout, param))
  const walk = { layout, nest, gammaMap, betaMap }
  walks.set(plan, { gamma: gamma?.strides, beta: beta?.strides, walk })
  return walk
}

/** Where a parameter lies in kernel memory, if it does: asked before anything is taken, which may detach its data. */
const lies = (heap: Heap, laid: KernelSpec['gamma']): number =>
  laid && laid.data instanceof Float32Array ? residence(heap, laid.data) : 0

/** Address of a parameter in the common layout: its own, if it lies there in that layout, else a copy's. */
function place(
  arena: Arena,
  { layout: { length } }: Walk,
  laid: KernelSpec['gamma'],
  map: Int32Array | null,
  own: number,
  absent: number,
  plus: number,
): number {
  if (own && !map && !plus) return own
  const { heap } = arena
  const at = arena.take(length * 4)
  const from = laid && own ? { data: heap.floats(own, sizeOf(laid)) } : laid
  spread(heap.f32, at / 4, length, from, map, absent, plus)
  return at
}

function table(arena: Arena, values: Int32Array | null): number {
  if (!values) return 0
  const at = arena.take(values.byteLength)
  arena.heap.integers(at, values.length).set(values)
  return at
}

/** @returns undefined where the scalar kernels must do it: weights, no elements, a nest without kernels here. */
export function prepare(
  heap: Heap,
  drivers: Drivers,
  pass: Pass,
  spec: KernelSpec,
  stats: CellStatistics | null,
): Prepared | undefined {
  const { plan, weights, scale } = spec
  if (weights || plan.size === 0) return undefined
  const walk = walkOf(spec, drivers)
  const driver = walk && drivers[walk.nest.kind]
  const kernels = driver && heap.kernels(driver[pass])
  if (!kernels) return undefined
  const { layout, nest, gammaMap, betaMap } = walk
  const { cells } = plan
  const own = [lies(heap, spec.gamma), lies(heap, spec.beta)]
  const arena = arenaOf(heap)
  const means = arena.take(cells * 24)
  const at = {
    gamma: place(arena, walk, spec.gamma, gammaMap, own[0], 1, spec.gammaPlus),
    beta: place(arena, walk, spec.beta, betaMap, own[1], 0, 0),
    cellAt: table(arena, nest.cellAt),
    paramAt: table(arena, nest.paramAt),
    means,
    variances: means + cells * 8,
    rstds: means + cells * 16,
  }
  if (stats instanceof Packed) heap.f64.set(stats.all, means / 8)
  else if (stats) {
    heap.f64.set(stats.mean, means / 8)
    heap.f64.set(stats.variance, at.variances / 8)
    heap.f64.set(stats.rstd, at.rstds / 8)
  }
  return {
    spec,
    plan,
    nest,
    layout,
    gammaMap,
    betaMap,
    arena,
    kernels,
    at,
    scale: SCALES[scale],
    center: Number(spec.center),
    centers: Number(spec.center || scale === 'std'),
  }
}

/** The statistics, copied out. */
export const statisticsOf = ({ arena, at, plan }: Prepared): CellStatistics =>
  new Packed(arena.heap, at.means, plan.cells)

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
    fine[0] + i * pieces * 8,
    fine[1] + i * pieces * 8,
    at.cellAt,
    cells,
    plan.count,
    scale,
    spec.epsilon,
    at.means + i * cells * 8,
    at.variances + i * cells * 8,
    at.rstds + i * cells * 8,
  )
}
