/** What a cell's statistics mean for its elements: xhat = (x - K) r + e. */

/** Codes of `Scale`. */
export const STD = 0
export const RMS = 1
export const L2 = 2
export const NONE = 3

/** Results of `coefficients`: mean and rstd, and K, the mean in float32. */
export let center: f64 = 0
export let slope: f64 = 0
export let shift: f32 = 0

/** See `factor` in scalar.ts. */
export function factorOf(scale: i32, variance: f64, epsilon: f64): f64 {
  if (scale == NONE) return 1
  const root = scale == L2 ? max(Math.sqrt(variance), epsilon) : Math.sqrt(variance + epsilon)
  return root == 0 ? 0 : 1 / root
}

/** A variance that is small beside this one changes no factor. */
export function floorOf(scale: i32, epsilon: f64, n: f64): f64 {
  return scale == NONE ? 1 : scale == L2 ? (epsilon * epsilon) / n : epsilon
}

/** False where float32 would overflow, underflow or meet a NaN on the way. */
export function coefficients(mean: f64, rstd: f64): bool {
  center = mean
  slope = rstd
  shift = <f32>mean
  return (rstd == 0 || fits(rstd)) && Math.abs(mean) < 1e30
}

/** True for values that are subnormal, or near it, and yet not 0: products with them would lose their digits. */
export function faint(mean: f64, variance: f64): bool {
  return mean != 0 && Math.abs(mean) < 1e-25 && variance < 1e-50
}

/** A factor that float32 multiplies with at full precision. */
export function fits(value: f64): bool {
  const size = Math.abs(value)
  return size > 1e-15 && size < 1e15
}

/** Results of `terms`. */
export let a: f64 = 0
export let b: f64 = 0

/**
 * The a and b of dx in a cell: dx = dy gamma r + a + b (x - mean). From its sums of g and of g xhat (float64).
 * @param centred what the first is divided by, 0 where there is no such term.
 * @param scaled the same of the second; nor is there that term where the variance is not above `least`.
 */
export function terms(
  variance: f64,
  rstd: f64,
  sum: f64,
  product: f64,
  centred: f64,
  scaled: f64,
  least: f64,
): void {
  a = centred ? (-rstd * sum) / centred : 0
  b = scaled != 0 && variance > least ? (-rstd * rstd * product) / scaled : 0
}
