/**
 * The operations that a variant's own forward may use. The reference (float64) and each framework implement them once.
 *
 * Every value has the rank of the plan: one dimension for each of its loops, of full size or of size 1, so that all
 * operations broadcast by themselves. `keep` is a list of names as after the arrow of a pattern, such as `'n g'`: the
 * operation reduces over all other axes and leaves size 1 there.
 */
export interface Ops<T> {
  constant(value: number): T

  add(a: T, b: T): T
  sub(a: T, b: T): T
  mul(a: T, b: T): T
  div(a: T, b: T): T
  /** Elementwise maximum. Where equal, the gradient goes to `a`. */
  max(a: T, b: T): T
  /** 1 where a > b, else 0. Carries no gradient. */
  greater(a: T, b: T): T
  /** `a` where `condition` is not 0, else `b`: a value that is not chosen may be NaN or infinite without harm. */
  where(condition: T, a: T, b: T): T

  abs(a: T): T
  exp(a: T): T
  log(a: T): T
  sqrt(a: T): T
  /** a ** exponent, for a >= 0. */
  pow(a: T, exponent: number): T
  tanh(a: T): T
  erf(a: T): T

  sum(a: T, keep: string): T
  mean(a: T, keep: string): T
  /** Number of elements that `mean(a, keep)` averages. */
  count(a: T, keep: string): number
  /** Sum over the neighbours along a logical axis, from index - before to index + after, cut off at the ends; a box over several axes. */
  windowSum(a: T, axis: string, before: number, after: number): T
  /** Greatest of the neighbours, as `windowSum`. Carries no gradient. */
  windowMax(a: T, axis: string, before: number, after: number): T

  /** The same value as a constant. The gradient check replays it, so that finite differences see the same constant. */
  stopGradient(a: T): T
}
