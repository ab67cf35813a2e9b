/**
 * Mean and variance of a contiguous run in one sweep, shifted by K, the mean of its first 16 elements. Where the shift was
 * bad, again with a better one; where float32 sums overflow or underflow, in float64.
 */
import { sums } from './run'
import { first, second } from './simd'

/** Results of `moments`: around the mean where it is centred, else mean 0 and the mean square. */
export let mean: f64 = 0
export let variance: f64 = 0

/** Into `mean` and `variance`, in float64, twice through the data, with the correction of Chan, Golub & LeVeque 1983, equation 1.7. */
export function inFloat64(x: usize, n: i32, centers: bool): void {
  const end = x + ((<usize>n) << 2)
  let m: f64 = 0
  if (centers) {
    let shift = <f64>load<f32>(x)
    if (!isFinite(shift)) shift = 0
    let sum: f64 = 0
    for (let p = x; p < end; p += 4) sum += <f64>load<f32>(p) - shift
    m = shift + sum / n
  }
  let square: f64 = 0
  let rest: f64 = 0
  for (let p = x; p < end; p += 4) {
    const d = <f64>load<f32>(p) - m
    square += d * d
    rest += d
  }
  mean = m
  variance = (centers ? square - (rest * rest) / n : square) / n
}

/** True where float32 sums of squares lost nothing that counts beside `floor`, which is added to v. NaN fails. */
export function trusted(v: f64, floor: f64): bool {
  return (v > 1e-30 || floor > 1e-30) && v < 1e37
}

/** From their sums into `mean` and `variance`. False where the shift was bad, or float32 lost something. */
function settle(pair: v128, share: f64, shift: f32, centers: bool, floor: f64): bool {
  const d = centers ? first(pair) * share : 0
  const v = second(pair) * share - d * d
  mean = <f64>shift + d
  variance = v > 0 ? v : 0
  return d * d <= v && trusted(v, floor)
}

/**
 * Moments of the n >= 1 elements at x, into `mean` and `variance`.
 * @param floor what is added to the variance, or so: sums of squares below it may lose what they like.
 */
export function moments(x: usize, n: i32, centers: bool, floor: f64): void {
  // A factor that is ready before the sums are: a division would keep the row waiting.
  const share = 1 / <f64>n
  let k: f32 = 0
  if (centers) {
    const some = min(n, 16)
    k = load<f32>(x)
    k += <f32>(first(sums(x, x, some, k, k)) / <f64>some)
  }
  for (let attempt = 0; attempt < 2; attempt++) {
    if (settle(sums(x, x, n, k, k), share, k, centers, floor)) return
    k = <f32>mean
  }
  inFloat64(x, n, centers)
}
