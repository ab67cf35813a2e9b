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
  const sumOf = (value: T): T => t.sum(weights === undefined ? value : t.mul(value, weights), keep)
  // A cell without weight has mean and variance 0.
  const average = (value: T): T => {
    const sum = sumOf(value)
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
  const variance = scale === 'l2' ? sumOf(squares) : scale === 'none' ? t.constant(0) : average(squares)
  return { mean, variance }
}

/** f(value) for a value above 0, and 0 at 0, where f or its slope may be infinite. */
function above<T>(t: Ops<T>, value: T, f: (value: T) => T): T {
  const positive = t.greater(value, t.constant(0))
  return t.where(positive, f(t.where(positive, value, t.constant(1))), t.constant(0))
}

/** The square root of a value of 0 or more. Its gradient at 0 is 0, not infinite. */
export const safeSqrt = <T>(t: Ops<T>, value: T): T => above(t, value, (x) => t.sqrt(x))

/** a / b for b of 0 or more, and 0 where b is 0. */
export const safeDivide = <T>(t: Ops<T>, a: T, b: T): T => above(t, b, (x) => t.div(a, x))

/** value ** exponent for a value of 0 or more. Its gradient at 0 is 0. */
export const safePow = <T>(t: Ops<T>, value: T, exponent: number): T =>
  above(t, value, (x) => t.pow(x, exponent))

/** 1 / sqrt(variance + epsilon); for l2 1 / max(length, epsilon). Where that would divide by 0 the factor is 0. */
export function scaleFactor<T>(t: Ops<T>, scale: NormRecord['scale'], variance: T, epsilon: number): T {
  if (scale === 'none') return t.constant(1)
  const root = safeSqrt(t, scale === 'l2' ? variance : t.add(variance, t.constant(epsilon)))
  return safeDivide(t, t.constant(1), scale === 'l2' ? t.max(t.constant(epsilon), root) : root)
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

/** 1 / (1 + exp(-x)), by tanh: exp overflows, and its gradient with it. */
export function sigmoid<T>(t: Ops<T>, x: T): T {
  const half = t.constant(0.5)
  return t.add(half, t.mul(half, t.tanh(t.mul(half, x))))
}

/** Running statistics after a batch, off the gradient: decay old + (1 - decay) new. */
export function runOn<T>(
  t: Ops<T>,
  old: Values<T>,
  now: { readonly mean: T; readonly variance: T },
  decay: number,
): { mean: T; variance: T } {
  const next = (was: T, is: T): T =>
    t.stopGradient(t.add(t.mul(was, t.constant(decay)), t.mul(is, t.constant(1 - decay))))
  return { mean: next(old.mean, now.mean), variance: next(old.variance, now.variance) }
}
