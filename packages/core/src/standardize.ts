/** The forward pass that a record's own fields describe, in `Ops`: what `apply` is when a record has none. */
import type { Ops } from './ops.ts'
import type { NormRecord, Values } from './variant.ts'

/** Mean and variance over the cells, weighted where `weights` is given. */
export function cellMoments<T>(
  t: Ops<T>,
  x: T,
  keep: string,
  scale: NormRecord['scale'],
  centers: boolean,
  weights?: T,
): { mean: T; variance: T } {
  // Weight 0 leaves an element out even when it is NaN.
  const inside = weights === undefined ? x : t.where(weights, x, t.constant(0))
  const total = weights === undefined ? t.constant(t.count(x, keep)) : t.sum(weights, keep)
  // A cell without weight has mean and variance 0.
  const average = (value: T): T => {
    const sum = t.sum(weights === undefined ? value : t.mul(value, weights), keep)
    return weights === undefined ? t.div(sum, total) : t.where(total, t.div(sum, total), t.constant(0))
  }
  let mean = t.constant(0)
  if (centers) {
    const rough = average(inside)
    // The rounding of a large mean would be multiplied by rstd: a second look takes it back.
    mean = t.add(rough, average(t.sub(inside, rough)))
  }
  const d = t.sub(inside, mean)
  const squares = t.mul(d, d)
  if (scale === 'l2')
    return { mean, variance: t.sum(weights === undefined ? squares : t.mul(squares, weights), keep) }
  return { mean, variance: scale === 'none' ? t.constant(0) : average(squares) }
}

/** 1 / sqrt(variance + epsilon); for l2 1 / max(length, epsilon). Where that would divide by 0 the factor is 0. */
export function scaleFactor<T>(t: Ops<T>, scale: NormRecord['scale'], variance: T, epsilon: number): T {
  if (scale === 'none') return t.constant(1)
  const one = t.constant(1)
  const zero = t.constant(0)
  const shifted = scale === 'l2' ? variance : t.add(variance, t.constant(epsilon))
  const positive = t.greater(shifted, zero)
  // The root's gradient at 0 is infinite; keep it out of the branch that is not chosen.
  const root = t.where(positive, t.sqrt(t.where(positive, shifted, one)), zero)
  const divisor = scale === 'l2' ? t.max(t.constant(epsilon), root) : root
  const nonzero = t.greater(divisor, zero)
  return t.where(nonzero, t.div(one, t.where(nonzero, divisor, one)), zero)
}

/** gamma x + beta, with 1 + gamma where the record says so; missing parameters are left out. */
export function applyAffine<T>(t: Ops<T>, xhat: T, params: Values<T>, record: Pick<NormRecord, 'params'>): T {
  const { gamma, beta } = params
  let y = xhat
  if (gamma !== undefined) y = t.mul(y, record.params.gamma?.plusOne ? t.add(gamma, t.constant(1)) : gamma)
  if (beta !== undefined) y = t.add(y, beta)
  return y
}

/**
 * The derived forward.
 * @param given the statistics to use instead of x's own (inference).
 */
export function standardize<T>(
  t: Ops<T>,
  record: NormRecord,
  keep: string,
  x: T,
  params: Values<T>,
  options: { epsilon: number; weights?: T; given?: { mean: T; variance: T } },
): { y: T; mean: T; variance: T } {
  const { center, scale } = record
  const { mean, variance } =
    options.given ?? cellMoments(t, x, keep, scale, center || scale === 'std', options.weights)
  const centred = center ? t.sub(x, mean) : x
  const y = applyAffine(t, t.mul(centred, scaleFactor(t, scale, variance, options.epsilon)), params, record)
  return { y, mean, variance }
}
