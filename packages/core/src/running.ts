/** Running statistics: what BatchNorm keeps of its training batches for inference. */
import { initialValues, lay, shapeAlong, type Laid } from './boundary.ts'
import { NormlabError, show } from './errors.ts'
import { cellOffsets } from './offsets.ts'
import { product, type Plan } from './plan.ts'
import type { FloatArray, Tensor } from './tensor.ts'
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

/** What a variant keeps between batches, or undefined. */
export function stateParams({ running, state }: NormRecord): Readonly<Record<string, Param>> | undefined {
  if (running === undefined) return state
  return { mean: { along: running, init: 0 }, variance: { along: running, init: 1 } }
}

/** Running statistics: mean 0, variance 1. A state of a forward's own: its initial values. */
export function initialState(plan: Plan, record: NormRecord): VariantState {
  const tensors = Object.entries(stateParams(record) ?? {}).map(([name, param]) => {
    const shape = shapeAlong(plan, param.along)
    return [name, { data: Float32Array.from(initialValues(param, product(shape))), shape }]
  })
  return { ...Object.fromEntries(tensors), count: 0 }
}

/** @throws NormlabError naming `state`. */
export function layState(state: VariantState, plan: Plan, record: NormRecord): Record<string, Laid> {
  const params = Object.entries(stateParams(record) ?? {})
  if (typeof state !== 'object' || state === null || !(Number.isInteger(state.count) && state.count >= 0))
    throw new NormlabError(
      'state',
      show(state),
      `Give { ${params.map(([name]) => name).join(', ')}, count } as forward returned it, or initState(shape)`,
    )
  return Object.fromEntries(
    params.map(([name, { along }]) => [name, lay(`state.${name}`, state[name], plan, along)]),
  )
}

/** Running values as cell statistics, one entry a cell. */
export function stateOfCells(laid: Laid, plan: Plan): Float64Array {
  return Float64Array.from(cellOffsets(plan, laid.strides), (at) => laid.data[at])
}

/** Adds up values of cells in the layout of the state: the transpose of `stateOfCells`. */
export function cellsToState(cells: ArrayLike<number>, laid: Laid, plan: Plan): Float64Array {
  const result = new Float64Array(laid.data.length)
  cellOffsets(plan, laid.strides).forEach((at, cell) => (result[at] += cells[cell]))
  return result
}

/**
 * The state after a training batch. Where several cells share an entry (InstanceNorm), it takes their average.
 * A batch without elements leaves the state as it is, and so does a single value the unbiased variance.
 * @param totals number of elements (or sum of weights) of each cell.
 */
export function nextState(
  old: RunningState,
  plan: Plan,
  laid: Readonly<Record<string, Laid>>,
  cells: { mean: ArrayLike<number>; variance: ArrayLike<number>; totals: ArrayLike<number> },
  { decay = 0.9, variance: kind = 'biased' }: { decay?: number; variance?: RunningOptions['variance'] },
): RunningState {
  const informed = Float64Array.from(cells.totals, (total) => (total > 0 ? 1 : 0))
  if (!informed.includes(1)) return old
  const blend = (now: Laid, was: Tensor, values: ArrayLike<number>, use: Float64Array): Tensor => {
    const sums = cellsToState(
      Float64Array.from(values, (value, i) => (use[i] ? value : 0)),
      now,
      plan,
    )
    const counts = cellsToState(use, now, plan)
    const data: FloatArray =
      was.data instanceof Float64Array ? new Float64Array(sums.length) : new Float32Array(sums.length)
    for (let i = 0; i < sums.length; i++)
      data[i] = counts[i] ? decay * was.data[i] + (1 - decay) * (sums[i] / counts[i]) : was.data[i]
    return { data, shape: was.shape }
  }
  const spread =
    kind === 'biased'
      ? cells.variance
      : Float64Array.from(cells.variance, (value, i) => (value * cells.totals[i]) / (cells.totals[i] - 1))
  const spreadKnown =
    kind === 'biased' ? informed : Float64Array.from(cells.totals, (total) => (total > 1 ? 1 : 0))
  return {
    mean: blend(laid.mean, old.mean, cells.mean, informed),
    variance: blend(laid.variance, old.variance, spread, spreadKnown),
    count: old.count + 1,
  }
}
