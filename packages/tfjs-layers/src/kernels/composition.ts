/**
 * Normalization from tfjs's own operations, on any backend, and differentiable any number of times. With the closed form
 * of its gradient: a dozen kernels where the operations' own gradients need many more.
 */
import * as tf from '@tensorflow/tfjs-core'
import { onTape, sumTo, withGradient } from '../gradient.ts'

type T = tf.Tensor

export interface Spec {
  /** Dimensions that a cell runs over. All tensors have x's rank, sizes 1 where they do not vary. */
  readonly axes: number[]
  readonly center: boolean
  readonly epsilon: number
  /** The forward uses 1 + gamma. */
  readonly plusOne: boolean
}

/** Statistics of each cell. `total` is the sum of weights, a number where there are none. */
export interface CellStatistics {
  readonly mean: T
  readonly variance: T
  readonly total: T | number
}

interface Centred extends Omit<CellStatistics, 'mean'> {
  readonly mean: () => T
  /** x - mean, or x. */
  readonly d: T
  readonly rstd: T
}

/** Keras 3 divides masked sums by the sum of weights plus this. */
const KERAS_TINY = 1e-7

function statistics(x: T, spec: Spec, weights: T | undefined): Centred {
  const { axes, center } = spec
  const total = weights ? tf.sum(weights, axes, true) : axes.reduce((count, axis) => count * x.shape[axis], 1)
  const average = (value: T): T =>
    weights
      ? tf.div(tf.sum(masked(value, weights), axes, true), tf.add(total, KERAS_TINY))
      : tf.mean(value, axes, true)
  // The mean is rounded to float32. Taking the rest's mean as well keeps x - mean exact far from 0.
  const first = center ? average(x) : undefined
  const rest = first && average(tf.sub(x, first))
  const d = first ? tf.sub(tf.sub(x, first), rest!) : x
  const variance = average(tf.mul(d, d))
  const mean = () => (first ? tf.add(first, rest!) : tf.zerosLike(variance))
  return { d, mean, variance, total, rstd: factor(variance, spec.epsilon) }
}

/** Weight 0 leaves a value out even when it is NaN. */
function masked(value: T, weights: T): T {
  return tf.mul(tf.where(tf.greater(weights, tf.zerosLike(weights)), value, tf.zerosLike(value)), weights)
}

/** 1 / sqrt(variance + epsilon), and 0 where that would divide by 0. */
function factor(variance: T, epsilon: number): T {
  if (epsilon > 0) return tf.rsqrt(tf.add(variance, epsilon))
  const positive = tf.notEqual(variance, tf.zerosLike(variance))
  return tf.mul(tf.rsqrt(tf.where(positive, variance, tf.onesLike(variance))), tf.cast(positive, 'float32'))
}

/** True when gamma does not vary inside a cell, so that whole cells can be scaled at once. */
const isCellwise = (gamma: T | undefined, axes: readonly number[]): boolean =>
  !gamma || axes.every((axis) => gamma.shape[axis] === 1)

/**
 * gamma (x - mean) / sqrt(variance + epsilon) + beta with the statistics of x itself.
 * @param weights of x's shape: the weight of each element in the statistics.
 * @param observe is called once with the statistics; what it does stays off the tape.
 */
export function normalizeComposed(
  x: T,
  params: { readonly gamma?: T; readonly beta?: T },
  spec: Spec,
  weights?: T,
  observe?: (statistics: CellStatistics) => void,
): T {
  const { axes } = spec
  const cellwise = isCellwise(params.gamma, axes)
  const given = (['gamma', 'beta'] as const).filter((name) => params[name])
  const scaled = (t: T, gamma: T | undefined): T =>
    gamma ? tf.mul(t, spec.plusOne ? tf.add(gamma, 1) : gamma) : t
  return withGradient([x, ...given.map((name) => params[name]!)], ([input, ...rest], save) => {
    const gamma = params.gamma && rest[0]
    const beta = params.beta && rest.at(-1)
    const { d, rstd, mean, variance, total } = statistics(input, spec, weights)
    observe?.({ mean: mean(), variance, total })
    const xhat = cellwise ? undefined : tf.mul(d, rstd)
    const y = xhat ? scaled(xhat, gamma) : tf.mul(d, scaled(rstd, gamma))
    save([input, xhat ?? d, rstd, ...(gamma ? [gamma] : []), ...(weights ? [weights] : [])])
    return {
      value: beta ? tf.add(y, beta) : y,
      pull(dy, [savedX, savedValue, savedRstd, ...more]) {
        const g = params.gamma && more[0]
        const w = weights && more.at(-1)
        // Only x is still tied to the tape: for a gradient of this gradient everything is computed from it again.
        const again = onTape() ? statistics(savedX, spec, w) : undefined
        const r = again?.rstd ?? savedRstd
        const value = again ? (cellwise ? again.d : tf.mul(again.d, r)) : savedValue
        const share = shareOf(spec, savedX, w)
        const { dx, dgamma, dbeta } = (cellwise ? pullCells : pullElements)(dy, value, r, spec, {
          scaled: (t) => scaled(t, g),
          share,
          gammaShape: params.gamma?.shape,
          betaShape: params.beta?.shape,
        })
        return [dx, dgamma, dbeta].filter((t) => t !== undefined)
      },
    }
  })
}

/** What a cell's sum, spread back over its elements, is multiplied with: 1 / count, or each element's share of the weight. */
function shareOf({ axes }: Spec, x: T, weights: T | undefined): T | number {
  if (!weights) return 1 / axes.reduce((count, axis) => count * x.shape[axis], 1)
  return tf.div(weights, tf.add(tf.sum(weights, axes, true), KERAS_TINY))
}

interface Pulling {
  readonly scaled: (t: T) => T
  readonly share: T | number
  readonly gammaShape?: number[]
  readonly betaShape?: number[]
}
interface Pulled {
  dx: T
  dgamma?: T
  dbeta?: T
}

/** gamma is constant within a cell: the cell's two sums serve dx, dgamma and dbeta. `d` is x - mean. */
function pullCells(
  dy: T,
  d: T,
  rstd: T,
  { axes, center }: Spec,
  { scaled, share, gammaShape, betaShape }: Pulling,
): Pulled {
  const total = tf.sum(dy, axes, true)
  const product = tf.mul(tf.sum(tf.mul(dy, d), axes, true), rstd)
  const off = spreadBack(share, d, tf.mul(product, rstd), center ? total : undefined)
  return {
    dx: tf.mul(tf.sub(dy, off), scaled(rstd)),
    dgamma: gammaShape && sumTo(product, gammaShape),
    // beta may vary inside a cell where there is no gamma.
    dbeta: betaShape && sumTo(axes.every((axis) => betaShape[axis] === 1) ? total : dy, betaShape),
  }
}

/** dx = rstd (g - mean(g) - xhat mean(g xhat)) with g = gamma dy. */
function pullElements(
  dy: T,
  xhat: T,
  rstd: T,
  { axes, center }: Spec,
  { scaled, share, gammaShape, betaShape }: Pulling,
): Pulled {
  const g = scaled(dy)
  const product = tf.mul(dy, xhat)
  const total = center ? tf.sum(g, axes, true) : undefined
  const off = spreadBack(share, xhat, tf.sum(scaled(product), axes, true), total)
  return {
    dx: tf.mul(tf.sub(g, off), rstd),
    dgamma: gammaShape && sumTo(product, gammaShape),
    dbeta: betaShape && sumTo(dy, betaShape),
  }
}

/** share (slope t + offset), with a plain number multiplied into the small factors. */
function spreadBack(share: T | number, t: T, slope: T, offset: T | undefined): T {
  const k = typeof share === 'number' ? share : 1
  const along = tf.mul(t, tf.mul(slope, k))
  const off = offset ? tf.add(along, tf.mul(offset, k)) : along
  return typeof share === 'number' ? off : tf.mul(off, share)
}

/** The same with given statistics, on the tape. Off the tape one kernel does it, where the last axis is all that varies. */
export function applyComposed(
  x: T,
  params: { readonly gamma?: T; readonly beta?: T },
  { mean, variance }: { mean: T; variance: T },
  spec: Spec,
): T {
  const { gamma, beta } = params
  const { epsilon, plusOne, center } = spec
  const last = [mean, gamma, beta].every(
    (t) => !t || (t.size === x.shape.at(-1) && t.shape.at(-1) === t.size),
  )
  if (last && x.rank <= 4 && epsilon > 0 && center && !plusOne && !onTape()) {
    const flat = (t: T) => tf.reshape(t, [t.size]) as tf.Tensor1D
    return tf.batchNorm(x, flat(mean), flat(variance), beta && flat(beta), gamma && flat(gamma), epsilon)
  }
  const rstd = factor(variance, epsilon)
  const k = gamma ? tf.mul(rstd, plusOne ? tf.add(gamma, 1) : gamma) : rstd
  const y = tf.mul(center ? tf.sub(x, mean) : x, k)
  return beta ? tf.add(y, beta) : y
}
