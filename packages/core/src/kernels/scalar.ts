/**
 * Forward and backward of every record without its own `apply`, over any plan, in plain loops with float64 accumulators.
 * The fallback where WebAssembly is missing, and the yardstick for the faster kernels.
 */
import type { Laid } from '../boundary.ts'
import { cellOffsets, elementOffsets } from '../offsets.ts'
import type { Plan } from '../plan.ts'
import type { FloatArray } from '../tensor.ts'
import type { Prepared } from './prepare.ts'
import type { Scale } from '../variant.ts'

export interface KernelSpec {
  readonly plan: Plan
  readonly center: boolean
  readonly scale: Scale
  readonly epsilon: number
  /** Laid over the plan; `plusOne` is already resolved into `gammaPlus`. */
  readonly gamma?: Laid | undefined
  readonly beta?: Laid | undefined
  /** Added to gamma: 1 for variants that multiply by 1 + gamma. */
  readonly gammaPlus: number
  readonly weights?: Laid | undefined
  /** @internal What the last call with this very specification prepared. */
  prepared?: Prepared
}

/** Per cell, in float64: one float32 mean would cost backward 1e-2 at large offsets. `mean` is 0 where nothing is centred. */
export interface CellStatistics {
  readonly mean: Float64Array
  /** Biased variance around the mean, whatever is centred; mean square for `rms`; sum of squares for `l2`. */
  readonly variance: Float64Array
  /** Factor of the centred value. */
  readonly rstd: Float64Array
}

/** Where each cell of an array begins, and where its elements lie from there: of x, which has no strides but the plan's, or of a parameter. */
const walk = (plan: Plan, laid: Partial<Laid> | undefined): [cells: Int32Array, elements: Int32Array] | [] =>
  laid ? [cellOffsets(plan, laid.strides), elementOffsets(plan, laid.strides)] : []

/** Statistics of each cell of x. A cell without weight gets mean 0, variance 0. */
export function statistics(spec: KernelSpec, x: FloatArray): CellStatistics {
  const { plan, center, scale, epsilon, weights } = spec
  const [cellAt, at] = walk(plan, {}) as Int32Array[]
  const w = weights?.data
  const mean = new Float64Array(plan.cells)
  const variance = new Float64Array(plan.cells)
  const rstd = new Float64Array(plan.cells)
  const centers = center || scale === 'std'
  for (let cell = 0; cell < plan.cells; cell++) {
    const origin = cellAt[cell]
    let total = w ? 0 : at.length
    let sum = 0
    // Sums are shifted by a value of the cell, the first with a weight: then a constant cell has its very value as its mean.
    let shift = 0
    for (let j = w ? at.length : Math.min(at.length, 1); j-- > 0;) {
      const i = origin + at[j]
      if (w && !w[i]) continue
      if (w) total += w[i]
      shift = x[i]
    }
    if (!Number.isFinite(shift)) shift = 0
    if (centers)
      for (let j = 0; j < at.length; j++) {
        const i = origin + at[j]
        sum += weighted(w, i, x[i] - shift)
      }
    const m = centers && total > 0 ? shift + sum / total : 0
    let squares = 0
    let rest = 0
    if (scale !== 'none')
      for (let j = 0; j < at.length; j++) {
        const i = origin + at[j]
        const d = x[i] - m
        squares += weighted(w, i, d * d)
        rest += weighted(w, i, d)
      }
    // The mean is rounded; `rest` takes back what that adds. Chan, Golub & LeVeque 1983, equation 1.7.
    if (centers && total > 0) squares -= (rest * rest) / total
    mean[cell] = m
    variance[cell] = scale === 'l2' ? squares : total > 0 ? squares / total : 0
    rstd[cell] = factor(scale, variance[cell], epsilon)
  }
  return { mean, variance, rstd }
}

/** Number of elements of a cell, or the sum of the weights of each. */
export function totalsOf(plan: Plan, weights: Laid | undefined): number | Float64Array {
  if (!weights) return plan.count
  const totals = new Float64Array(plan.cells)
  const at = elementOffsets(plan)
  cellOffsets(plan).forEach((origin, cell) =>
    at.forEach((offset) => (totals[cell] += weights.data[origin + offset])),
  )
  return totals
}

/** value, times the weight of element i if there are weights: 0 leaves the value out even when it is NaN or infinite. */
const weighted = (weights: FloatArray | undefined, i: number, value: number): number =>
  weights ? weights[i] && weights[i] * value : value

/** l2 divides by max(length, epsilon), as PyTorch and Keras do; the others by sqrt(variance + epsilon). 0/0 counts as 0. */
export function factor(scale: Scale, variance: number, epsilon: number): number {
  if (scale === 'none') return 1
  const root = scale === 'l2' ? Math.max(Math.sqrt(variance), epsilon) : Math.sqrt(variance + epsilon)
  return root === 0 ? 0 : 1 / root
}

export function forward(
  spec: KernelSpec,
  x: FloatArray,
  y: FloatArray,
  { mean, rstd }: CellStatistics,
): void {
  const { plan, center, gamma, beta, gammaPlus } = spec
  const [cellAt, at] = walk(plan, {}) as Int32Array[]
  const [gammaCell, gammaAt] = walk(plan, gamma)
  const [betaCell, betaAt] = walk(plan, beta)
  for (let cell = 0; cell < plan.cells; cell++) {
    const origin = cellAt[cell]
    const m = center ? mean[cell] : 0
    const r = rstd[cell]
    for (let j = 0; j < at.length; j++) {
      let value = (x[origin + at[j]] - m) * r
      if (gamma) value *= gamma.data[gammaCell![cell] + gammaAt![j]] + gammaPlus
      if (beta) value += beta.data[betaCell![cell] + betaAt![j]]
      y[origin + at[j]] = value
    }
  }
}

export interface Gradients {
  /** Float64, packed in the parameter's layout. */
  readonly dgamma: Float64Array | undefined
  readonly dbeta: Float64Array | undefined
  /** Per cell, only when the statistics were given (inference). */
  readonly dmean?: Float64Array
  readonly dvariance?: Float64Array
}

/**
 * With xhat = (x - mean) rstd and g = dy gamma, each cell has
 * dx = rstd (g - w/W sum(g) - w u mean(g xhat)), u = (x - m) rstd, where m is the mean that the scale was taken around.
 * `given`: the statistics are constants, and dx = rstd g.
 */
export function backward(
  spec: KernelSpec,
  x: FloatArray,
  dy: FloatArray,
  stats: CellStatistics,
  dx: FloatArray,
  given: boolean,
): Gradients {
  const { plan, center, scale, epsilon, gamma, beta, gammaPlus, weights } = spec
  const [cellAt, at] = walk(plan, {}) as Int32Array[]
  const [gammaCell, gammaAt] = walk(plan, gamma)
  const [betaCell, betaAt] = walk(plan, beta)
  const w = weights?.data
  const dgamma = gamma && new Float64Array(gamma.data.length)
  const dbeta = beta && new Float64Array(beta.data.length)
  const dmean = new Float64Array(plan.cells)
  const dvariance = new Float64Array(plan.cells)
  for (let cell = 0; cell < plan.cells; cell++) {
    const origin = cellAt[cell]
    const r = stats.rstd[cell]
    const m = stats.mean[cell]
    const c = center ? m : 0
    let total = w ? 0 : at.length
    let sum = 0
    let dot = 0
    for (let j = 0; j < at.length; j++) {
      const i = origin + at[j]
      const xhat = (x[i] - c) * r
      let g: number = dy[i]
      if (dbeta) dbeta[betaCell![cell] + betaAt![j]] += g
      if (gamma) {
        const k = gammaCell![cell] + gammaAt![j]
        dgamma![k] += g * xhat
        g *= gamma.data[k] + gammaPlus
      }
      if (w) total += w[i]
      sum += g
      dot += g * xhat
    }
    dmean[cell] = -r * sum
    dvariance[cell] = -0.5 * r * r * dot
    const centred = !given && center && total > 0 ? sum / total : 0
    // Below epsilon, l2's factor is the constant 1 / epsilon.
    const scales =
      !given && (scale === 'l2' ? Math.sqrt(stats.variance[cell]) > epsilon : scale !== 'none' && total > 0)
    const scaled = scales ? dot / (scale === 'l2' ? 1 : total) : 0
    for (let j = 0; j < at.length; j++) {
      const i = origin + at[j]
      const g = gamma ? dy[i] * (gamma.data[gammaCell![cell] + gammaAt![j]] + gammaPlus) : dy[i]
      dx[i] = r * (g - weighted(w, i, centred + (x[i] - m) * r * scaled))
    }
  }
  return { dgamma, dbeta, dmean, dvariance }
}
