/**
 * Mean and variance of a contiguous run in one sweep, shifted by K, the mean of its first 16 elements. Where the shift was
 * bad, again with a better one; where float32 sums overflow or underflow, in float64.
 */
import { first, madd, second, laneSums, zero } from './simd'

/** Elements that float32 sums take in before they go to float64. */
const BLOCK = 512

/** Results of `moments`: around the mean where it is centred, else mean 0 and the mean square. */
export let mean: f64 = 0
export let variance: f64 = 0

/** K; 0 where the mean is no greater than the spread, so that the data need no shift. */
export function shiftOf(x: usize, n: i32): f32 {
  const start = load<f32>(x)
  if (n < 16) return start
  const pair = block(x, x + 64, start)
  const d = first(pair) * 0.0625
  const m = <f64>start + d
  return m * m < second(pair) * 0.0625 - d * d ? 0 : <f32>m
}

/** Sums of x - shift and of its square, added up in float32: elements up to `end`, a multiple of 16 of them. */
function block(x: usize, end: usize, shift: f32): v128 {
  const k = f32x4.splat(shift)
  let a0 = zero()
  let a1 = zero()
  let a2 = zero()
  let a3 = zero()
  let b0 = zero()
  let b1 = zero()
  let b2 = zero()
  let b3 = zero()
  for (; x < end; x += 64) {
    const d0 = f32x4.sub(v128.load(x), k)
    const d1 = f32x4.sub(v128.load(x, 16), k)
    const d2 = f32x4.sub(v128.load(x, 32), k)
    const d3 = f32x4.sub(v128.load(x, 48), k)
    a0 = f32x4.add(a0, d0)
    a1 = f32x4.add(a1, d1)
    a2 = f32x4.add(a2, d2)
    a3 = f32x4.add(a3, d3)
    b0 = madd(d0, d0, b0)
    b1 = madd(d1, d1, b1)
    b2 = madd(d2, d2, b2)
    b3 = madd(d3, d3, b3)
  }
  return laneSums(
    f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)),
    f32x4.add(f32x4.add(b0, b1), f32x4.add(b2, b3)),
  )
}

/** The same of n elements, in float64 from block to block. */
function sums(x: usize, n: i32, shift: f32): v128 {
  const whole = x + ((<usize>(n & ~15)) << 2)
  let total = f64x2.splat(0)
  for (; x < whole;) {
    const stop = min(whole, x + (BLOCK << 2))
    total = f64x2.add(total, block(x, stop, shift))
    x = stop
  }
  for (const end = whole + ((<usize>(n & 15)) << 2); x < end; x += 4) {
    const d = <f64>load<f32>(x) - <f64>shift
    total = f64x2.add(total, f64x2.mul(f64x2.splat(d), f64x2.replace_lane(f64x2.splat(1), 1, d)))
  }
  return total
}

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
  const k = centers ? shiftOf(x, n) : 0
  if (settle(sums(x, n, k), share, k, centers, floor)) return
  const better = <f32>mean
  if (!(centers && settle(sums(x, n, better), share, better, true, floor))) inFloat64(x, n, centers)
}
