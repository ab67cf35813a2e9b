/** Running statistics: what BatchNorm keeps of its training batches for inference. */
import { lay, shapeAlong, type Laid } from './boundary.ts'
import { NormlabError, show } from './errors.ts'
import { initialValues, mapValues } from './initial.ts'
import { cellOffsets } from './offsets.ts'
import { product, type Plan } from './plan.ts'
import { zerosLike, type Tensor } from './tensor.ts'
import type { NormRecord, Param } from './variant.ts'

export interface RunningState {
  readonly mean: Tensor
  readonly variance: Tensor
  /** Training batches seen. */
  readonly count: number
}

export interface RunningOptions {
  /** True (default): statistics of this batch, and a new state. False: the statistics of `state`. */
  training?: boolean
  /** Default: `initState`. */
  state?: RunningState
  /** Weight of the old value, default 0.9; PyTorch's momentum is 1 - decay. `'cumulative'` averages all batches evenly. */
  decay?: number | 'cumulative'
  /** Which variance is stored (default `'biased'`). The biased one always normalizes. */
  variance?: 'biased' | 'unbiased'
}

/** @throws NormlabError for a `decay` or `variance` out of its range. */
export function checkRunning({ decay, variance }: Readonly<Record<string, unknown>>): void {
  if (
    decay !== undefined &&
    decay !== 'cumulative' &&
    !(typeof decay === 'number' && decay >= 0 && decay <= 1)
  )
    throw new NormlabError(
      'decay',
      `${show(decay)} is no decay`,
      "Give the weight of the old value, from 0 to 1 (PyTorch's momentum is 1 - decay), or 'cumulative'",
    )
  if (variance !== undefined && variance !== 'biased' && variance !== 'unbiased')
    throw new NormlabError(
      'variance',
      `${show(variance)} is no kind of variance`,
      "Give 'biased' or 'unbiased'",
    )
}

/** State by name, of any variant that keeps one. */
export type VariantState = { readonly count: number } & { readonly [name: string]: Tensor | number }

const RUNNING = new Map<string, Readonly<Record<string, Param>>>()

/** What a variant keeps between batches, or undefined. */
export function stateParams({ running, state }: NormRecord): Readonly<Record<string, Param>> | undefined {
  if (running === undefined) return state
  let params = RUNNING.get(running)
  if (!params)
    RUNNING.set(
      running,
      (params = { mean: { along: running, init: 0 }, variance: { along: running, init: 1 } }),
    )
  return params
}

/** Running statistics: mean 0, variance 1. A state of a forward's own: its initial values. */
export function initialState(plan: Plan, record: NormRecord): VariantState {
  const tensors = mapValues(stateParams(record) ?? {}, (param) => {
    const shape = shapeAlong(plan, param.along)
    return { data: new Float32Array(initialValues(param, product(shape))), shape }
  })
  return { ...tensors, count: 0 } as VariantState
}

/** @throws NormlabError naming `state`. */
export function layState(state: VariantState, plan: Plan, record: NormRecord): Record<string, Laid> {
  const params = stateParams(record) ?? {}
  if (typeof state !== 'object' || state === null || !(Number.isInteger(state.count) && state.count >= 0))
    throw new NormlabError(
      'state',
      show(state),
      `Give { ${Object.keys(params).join(', ')}, count } as forward returned it, or initState(shape)`,
    )
  return mapValues(params, ({ along }, name) => lay(`state.${name}`, state[name], plan, along))
}

const places = new WeakMap<Laid['strides'], Int32Array>()

/** Where each cell's entry stands in an array of the state. Strides belong to one plan: see `lay`. */
function placesOf({ strides }: Laid, plan: Plan): Int32Array {
  let known = places.get(strides)
  if (!known) places.set(strides, (known = cellOffsets(plan, strides)))
  return known
}

/** Running values as cell statistics, one entry a cell. */
export function stateOfCells(laid: Laid, plan: Plan): Float64Array {
  const at = placesOf(laid, plan)
  const result = new Float64Array(at.length)
  for (let cell = 0; cell < at.length; cell++) result[cell] = laid.data[at[cell]]
  return result
}

/** Adds up values of cells in the layout of the state: the transpose of `stateOfCells`. */
export function cellsToState(cells: ArrayLike<number>, laid: Laid, plan: Plan): Float64Array {
  const at = placesOf(laid, plan)
  const result = new Float64Array(laid.data.length)
  for (let cell = 0; cell < at.length; cell++) result[at[cell]] += cells[cell]
  return result
}

/** Statistics of a batch, one entry a cell. */
export interface BatchStatistics {
  readonly mean: ArrayLike<number>
  readonly variance: ArrayLike<number>
  /** Number of elements (or sum of weights) of each cell, or of all alike. */
  readonly totals: number | ArrayLike<number>
}

/**
 * The state after a training batch. Where several cells share an entry (InstanceNorm), it takes their average.
 * A batch without elements leaves the state as it is, and so does a single value the unbiased variance.
 */
export function nextState(
  old: RunningState,
  plan: Plan,
  laid: Readonly<Record<string, Laid>>,
  { mean, variance, totals }: BatchStatistics,
  { decay = 0.9, variance: kind = 'biased' }: { decay?: number; variance?: RunningOptions['variance'] },
): RunningState {
  const total = (cell: number): number => (typeof totals === 'number' ? totals : totals[cell])
  const informed = typeof totals === 'number' ? totals > 0 : Array.from(totals).some((one) => one > 0)
  if (!informed) return old
  /** @param correction 1 for the unbiased variance, else 0. */
  const blend = (now: Laid, was: Tensor, values: ArrayLike<number>, correction: number): Tensor => {
    const at = placesOf(now, plan)
    const sums = new Float64Array(was.data.length)
    const counts = new Float64Array(was.data.length)
    for (let cell = 0; cell < at.length; cell++) {
      const n = total(cell)
      if (!(n > correction)) continue
      sums[at[cell]] += correction ? (values[cell] * n) / (n - 1) : values[cell]
      counts[at[cell]]++
    }
    const data = zerosLike(was.data, sums.length)
    for (let i = 0; i < sums.length; i++)
      data[i] = counts[i] ? decay * was.data[i] + (1 - decay) * (sums[i] / counts[i]) : was.data[i]
    return { data, shape: was.shape }
  }
  return {
    mean: blend(laid.mean, old.mean, mean, 0),
    variance: blend(laid.variance, old.variance, variance, kind === 'biased' ? 0 : 1),
    count: old.count + 1,
  }
}
