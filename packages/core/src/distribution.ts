/** What a recorder keeps of many values, and what a ridgeline draws. JSON through and through. */
import { checkNumber, checkOptions, NormlabError, show } from './errors.ts'

/** Equal-width bins over [min, max]. The last bin includes max. */
export interface Histogram {
  readonly min: number
  readonly max: number
  readonly counts: readonly number[]
  /** Values outside [min, max], and values that are NaN or infinite. */
  readonly outside: number
  readonly notFinite: number
}

/** Variance is biased. All are over the finite values; NaN-free: an empty set has count 0 and zeros. */
export interface Summary {
  readonly count: number
  readonly mean: number
  readonly variance: number
  readonly min: number
  readonly max: number
}

export type Side = 'pre' | 'post' | 'gradient'

/**
 * `saturated`: share of values at which the activation function's slope is below .05 in size; `dead`: share of units of which all
 * values are. `weightNorm`, `gradientNorm`: Euclidean length of all trained weights of the layer, and of the loss's gradient with respect
 * to them. `updateRatio`: length of one step's change over that of the weights.
 */
export type Measure = 'saturated' | 'dead' | 'weightNorm' | 'gradientNorm' | 'updateRatio'

/** A measure of a layer over training: the points of a curve. */
export interface LayerSeries {
  readonly layer: string
  readonly measure: Measure
  /** Epochs completed, rising, and the value then. */
  readonly points: readonly (readonly [epoch: number, value: number])[]
}

/** One neuron's (or one layer's, or a whole network's) values over a probe batch, at one moment of training. */
export interface Distribution {
  /** Epochs completed: 0 is before training. */
  readonly epoch: number
  /** Layer name; null for the whole network. */
  readonly layer: string | null
  /** Unit index; null for all units of the layer. */
  readonly unit: number | null
  /** Before or after the activation function; `gradient`: of the loss with respect to what comes after it. */
  readonly side: Side
  readonly histogram: Histogram
  readonly summary: Summary
}

export interface DistributionRecord {
  readonly format: 'normlab-distributions-1'
  readonly distributions: readonly Distribution[]
  readonly series?: readonly LayerSeries[]
}

function checkValues(values: unknown): asserts values is ArrayLike<number> {
  const isList = Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView))
  const first = isList ? (values as unknown as ArrayLike<unknown>)[0] : undefined
  if (!isList || (first !== undefined && typeof first !== 'number'))
    throw new NormlabError('values', show(values), 'Give an array or typed array of numbers')
}

export function summaryOf(values: ArrayLike<number>): Summary {
  checkValues(values)
  let count = 0
  let mean = 0
  let m2 = 0
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!Number.isFinite(value)) continue
    count++
    const delta = value - mean
    mean += delta / count
    m2 += delta * (value - mean)
    if (value < min) min = value
    if (value > max) max = value
  }
  return count
    ? { count, mean, variance: m2 / count, min, max }
    : { count, mean: 0, variance: 0, min: 0, max: 0 }
}

/**
 * Counts values into equal bins.
 * @param bins number of bins, 1 to 4096; default 64.
 * @param min lower edge; default the least finite value. @param max upper edge; default the greatest finite value.
 * Constant data gets a range of width 1 around its value (or of one part in a million, where that is more).
 */
export function histogramOf(
  values: ArrayLike<number>,
  options: { bins?: number; min?: number; max?: number } = {},
): Histogram {
  checkValues(values)
  checkOptions('options', options)
  const { bins = 64 } = options
  checkNumber('bins', bins, [1, 1, 4096])
  const summary = options.min === undefined || options.max === undefined ? summaryOf(values) : undefined
  let min = options.min ?? summary!.min
  let max = options.max ?? summary!.max
  if (!Number.isFinite(min) || !Number.isFinite(max) || min > max)
    throw new NormlabError(
      'min',
      `the range ${show(min)} to ${show(max)}`,
      'Give finite numbers with min below max',
    )
  if (min === max) {
    const half = Math.max(0.5, Math.abs(min) * 1e-6)
    min -= half
    max += half
  }
  const counts = Array.from({ length: bins }, () => 0)
  const scale = bins / (max - min)
  let outside = 0
  let notFinite = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!Number.isFinite(value)) notFinite++
    else if (value < min || value > max) outside++
    else counts[Math.min(bins - 1, Math.floor((value - min) * scale))]++
  }
  return { min, max, counts, outside, notFinite }
}
