/** What a call of the kernels stands on: nest, parameters, tables and statistics, laid out in kernel memory. */
import type { Laid } from '../boundary.ts'
import { product, type Plan } from '../plan.ts'
import { arenaOf, type Arena } from './arena.ts'
import { drivers, type Driver } from './drivers.ts'
import { residence, type Heap } from './heap.ts'
import type { Kernels } from './module.ts'
import { vectorsOf, type Walked } from './nest.ts'
import { compact, mapOf, spread } from './params.ts'
import type { CellStatistics, KernelSpec } from './scalar.ts'
import { Packed } from './statistics.ts'

/** How a plan is walked with parameters laid so: worked out once. */
interface Walk extends Walked {
  /** From the common layout to that of gamma, and that of beta. */
  readonly maps: readonly (Int32Array | null)[]
  /** Their strides, and whether vectors may serve: what it was worked out for. */
  readonly gamma?: readonly number[]
  readonly beta?: readonly number[]
  readonly plain: boolean
}

/** gamma or beta in kernel memory: in the common layout, as float32. */
interface Placed {
  readonly laid: KernelSpec['gamma']
  readonly map: Int32Array | null
  /** Its value where it is not given, and what is added to it. */
  readonly absent: number
  readonly plus: number
  /** Where its data lie in kernel memory, else 0. */
  readonly own: number
  /** Its address: its own, if it lies there in that layout, else a copy's. */
  readonly at: number
}

export interface Prepared {
  readonly spec: KernelSpec
  readonly plan: Plan
  readonly walk: Walk
  readonly nest: Walk['nest']
  readonly driver: Driver
  readonly arena: Arena
  readonly kernels: Kernels
  readonly params: readonly Placed[]
  /** Addresses. */
  readonly at: {
    readonly gamma: number
    readonly beta: number
    readonly means: number
    readonly variances: number
    readonly rstds: number
  }
  /** Of the statistics. */
  view?: Float64Array
  /** Of the arena when all this was taken. */
  readonly top: number
  /** Codes of assembly/cell.ts. */
  readonly scale: number
  readonly center: number
  readonly centers: number
}

export const sizeOf = ({ spread: sizes }: Laid): number => product(sizes)

const SCALES = { std: 0, rms: 1, l2: 2, none: 3 }

const walks = new WeakMap<Plan, Walk>()

function walkOf({ plan, gamma, beta }: KernelSpec, plain: boolean): Walk | null {
  const known = walks.get(plan)
  if (known?.plain === plain && known.gamma === gamma?.strides && known.beta === beta?.strides) return known
  const { dims, lay } = compact(plan.dims)
  const laid = [lay(gamma), lay(beta)]
  const walked = (drivers.nestOf ?? vectorsOf)(dims, laid, plain)
  if (!walked) return null
  const maps = laid.map((param) => mapOf(dims, walked.layout, param))
  const walk = { ...walked, maps, gamma: gamma?.strides, beta: beta?.strides, plain }
  walks.set(plan, walk)
  return walk
}

/** What is the same for every call with a specification: addresses as well, for nothing is taken before them. */
function prepareAnew(heap: Heap, spec: KernelSpec, walk: Walk, driver: Driver, kernels: Kernels): Prepared {
  const { plan, center, scale, gamma, beta, gammaPlus } = spec
  const { cells } = plan
  const { maps, layout, nest } = walk
  // Asked before anything is taken, which may detach their data.
  const owns = [gamma, beta].map((laid) =>
    laid?.data instanceof Float32Array ? residence(heap, laid.data) : 0,
  )
  const arena = arenaOf(heap)
  const means = arena.take(cells * 24)
  const place = (laid: KernelSpec['gamma'], i: number, absent: number, plus: number): Placed => {
    const [map, own] = [maps[i], owns[i]]
    return { laid, map, absent, plus, own, at: own && !map && !plus ? own : arena.take(layout.length * 4) }
  }
  const params = [place(gamma, 0, 1, gammaPlus), place(beta, 1, 0, 0)]
  return {
    spec,
    plan,
    walk,
    nest,
    driver,
    arena,
    kernels,
    params,
    at: {
      gamma: params[0].at,
      beta: params[1].at,
      means,
      variances: means + cells * 8,
      rstds: means + cells * 16,
    },
    top: arena.top,
    scale: SCALES[scale],
    center: Number(center),
    centers: Number(center || scale === 'std'),
  }
}

/**
 * @param given the statistics are constants.
 * @returns undefined where the scalar kernels must do it: weights, no elements, a nest without kernels here.
 */
export function prepare(
  heap: Heap,
  spec: KernelSpec,
  stats: CellStatistics | null,
  given: boolean,
): Prepared | undefined {
  const { plan, weights, scale } = spec
  if (weights || plan.size === 0) return undefined
  const plain = !given && (scale === 'std' || scale === 'rms')
  let { prepared } = spec
  if (
    prepared &&
    prepared.arena === heap.arena &&
    prepared.walk.plain === plain &&
    prepared.kernels === heap.kernels(prepared.driver.bytes)
  )
    prepared.arena.clear(prepared.top)
  else {
    const walk = walkOf(spec, plain)
    const driver = walk && drivers[walk.nest.kind]
    const kernels = driver && heap.kernels(driver.bytes)
    if (!kernels) return undefined
    prepared = prepareAnew(heap, spec, walk, driver, kernels)
    spec.prepared = prepared.arena.spills ? undefined : prepared
  }
  const { at, walk, params } = prepared
  for (const { laid, map, absent, plus, own, at: to } of params)
    if (to !== own) {
      const from = own ? { data: heap.floats(own, sizeOf(laid!)) } : laid
      spread(heap.f32, to / 4, walk.layout.length, from, map, absent, plus)
    }
  if (stats instanceof Packed) heap.f64.set(stats.all, at.means / 8)
  else if (stats) {
    heap.f64.set(stats.mean, at.means / 8)
    heap.f64.set(stats.variance, at.variances / 8)
    heap.f64.set(stats.rstd, at.rstds / 8)
  }
  return prepared
}

/** The statistics, copied out. */
export function statisticsOf(prepared: Prepared): CellStatistics {
  const { arena, at, plan } = prepared
  // Growth of the memory detaches it.
  if (!prepared.view?.length) prepared.view = arena.heap.doubles(at.means, plan.cells * 3)
  return new Packed(prepared.view, plan.cells)
}
