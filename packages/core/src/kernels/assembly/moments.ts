/**
 * Mean and variance of a contiguous run in one sweep, shifted by K, the mean of its first 16 elements. Where the shift was
 * bad, again with a better one; where float32 sums overflow or underflow, in float64.
 */
import { lanes, madd, zero } from './simd'

/** Elements that float32 sums take in before they go to float64. */
export const BLOCK = 512

/** Results of `moments`: around the mean where it is centred, else mean 0 and the mean square. */
export let mean: f64 = 0
export let variance: f64 = 0

let s1: f64 = 0
let s2: f64 = 0

/** K; 0 where the mean is no greater than the spread, so that the data need no shift. */
export function shiftOf(x: usize, n: i32): f32 {
  const first = load<f32>(x)
  if (n < 16) return first
  const k = f32x4.splat(first)
  const d0 = f32x4.sub(v128.load(x), k)
  const d1 = f32x4.sub(v128.load(x, 16), k)
  const d2 = f32x4.sub(v128.load(x, 32), k)
  const d3 = f32x4.sub(v128.load(x, 48), k)
  const d = lanes(f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3))) * 0.0625
  const power = madd(d3, d3, madd(d2, d2, madd(d1, d1, f32x4.mul(d0, d0))))
  const m = <f64>first + d
  return m * m < lanes(power) * 0.0625 - d * d ? 0 : <f32>m
}

function sums(x: usize, n: i32, shift: f32): void {
  const k = f32x4.splat(shift)
  const whole = n & ~15
  let t1: f64 = 0
  let t2: f64 = 0
  let p = x
  for (let i = 0; i < whole;) {
    const stop = x + ((<usize>min(whole, i + BLOCK)) << 2)
    i += BLOCK
    let a0 = zero()
    let a1 = zero()
    let a2 = zero()
    let a3 = zero()
    let b0 = zero()
    let b1 = zero()
    let b2 = zero()
    let b3 = zero()
    if (shift == 0)
      for (; p < stop; p += 64) {
        const d0 = v128.load(p)
        const d1 = v128.load(p, 16)
        const d2 = v128.load(p, 32)
        const d3 = v128.load(p, 48)
        a0 = f32x4.add(a0, d0)
        a1 = f32x4.add(a1, d1)
        a2 = f32x4.add(a2, d2)
        a3 = f32x4.add(a3, d3)
        b0 = madd(d0, d0, b0)
        b1 = madd(d1, d1, b1)
        b2 = madd(d2, d2, b2)
        b3 = madd(d3, d3, b3)
      }
    for (; p < stop; p += 64) {
      const d0 = f32x4.sub(v128.load(p), k)
      const d1 = f32x4.sub(v128.load(p, 16), k)
      const d2 = f32x4.sub(v128.load(p, 32), k)
      const d3 = f32x4.sub(v128.load(p, 48), k)
      a0 = f32x4.add(a0, d0)
      a1 = f32x4.add(a1, d1)
      a2 = f32x4.add(a2, d2)
      a3 = f32x4.add(a3, d3)
      b0 = madd(d0, d0, b0)
      b1 = madd(d1, d1, b1)
      b2 = madd(d2, d2, b2)
      b3 = madd(d3, d3, b3)
    }
    t1 += lanes(f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)))
    t2 += lanes(f32x4.add(f32x4.add(b0, b1), f32x4.add(b2, b3)))
  }
  for (const stop = x + ((<usize>n) << 2); p < stop; p += 4) {
    const d = <f64>load<f32>(p) - <f64>shift
    t1 += d
    t2 += d * d
  }
  s1 = t1
  s2 = t2
}

/** Sum of squares alone, for rms and l2. */
function squares(x: usize, n: i32): f64 {
  const whole = n & ~15
  let total: f64 = 0
  let p = x
  for (let i = 0; i < whole;) {
    const stop = x + ((<usize>min(whole, i + BLOCK)) << 2)
    i += BLOCK
    let b0 = zero()
    let b1 = zero()
    let b2 = zero()
    let b3 = zero()
    for (; p < stop; p += 64) {
      const d0 = v128.load(p)
      const d1 = v128.load(p, 16)
      const d2 = v128.load(p, 32)
      const d3 = v128.load(p, 48)
      b0 = madd(d0, d0, b0)
      b1 = madd(d1, d1, b1)
      b2 = madd(d2, d2, b2)
      b3 = madd(d3, d3, b3)
    }
    total += lanes(f32x4.add(f32x4.add(b0, b1), f32x4.add(b2, b3)))
  }
  for (const stop = x + ((<usize>n) << 2); p < stop; p += 4) {
    const d = <f64>load<f32>(p)
    total += d * d
  }
  return total
}

/** In float64, twice through the data, with the correction of Chan, Golub & LeVeque 1983, equation 1.7. */
function carefully(x: usize, n: i32, centers: bool): void {
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
  return max(v, floor) > 1e-30 && v < 1e37
}

/** Moments of the n >= 1 elements at x, into `mean` and `variance`. */
export function moments(x: usize, n: i32, centers: bool, floor: f64): void {
  if (centers) {
    const k = shiftOf(x, n)
    sums(x, n, k)
    // A factor that is ready before the sums are: a division would keep the row waiting.
    const share = 1 / <f64>n
    let d = s1 * share
    let v = s2 * share - d * d
    mean = <f64>k + d
    if (!(d * d <= v)) {
      const better = <f32>mean
      sums(x, n, better)
      d = s1 * share
      v = s2 * share - d * d
      mean = <f64>better + d
    }
    variance = max(v, 0)
    if (d * d <= v && trusted(v, floor)) return
  } else {
    mean = 0
    variance = squares(x, n) * (1 / <f64>n)
    if (trusted(variance, floor)) return
  }
  carefully(x, n, centers)
}
