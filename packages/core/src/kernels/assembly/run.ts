/** The loops over one run that rows are made of. What float32 does not do in whole blocks is done in float64. */
import { center, shift } from './cell'
import { first, laneSums, madd, pair, second, touch, zero } from './simd'

/** Elements that float32 sums take in before they go to float64. */
const BLOCK = 512

/** Sums of e = u - c and of e (x - k). Forward has u = x and c = k; backward u = dy and c = 0. */
export function sums(x: usize, u: usize, n: i32, k: f32, c: f32): v128 {
  const kk = f32x4.splat(k)
  const cc = f32x4.splat(c)
  const whole = x + ((<usize>(n & ~15)) << 2)
  let total = f64x2.splat(0)
  while (x < whole) {
    const stop = min(whole, x + (BLOCK << 2))
    let a0 = zero()
    let a1 = zero()
    let a2 = zero()
    let a3 = zero()
    let b0 = zero()
    let b1 = zero()
    let b2 = zero()
    let b3 = zero()
    for (; x < stop; x += 64) {
      const e0 = f32x4.sub(v128.load(u), cc)
      const e1 = f32x4.sub(v128.load(u, 16), cc)
      const e2 = f32x4.sub(v128.load(u, 32), cc)
      const e3 = f32x4.sub(v128.load(u, 48), cc)
      a0 = f32x4.add(a0, e0)
      a1 = f32x4.add(a1, e1)
      a2 = f32x4.add(a2, e2)
      a3 = f32x4.add(a3, e3)
      b0 = madd(e0, f32x4.sub(v128.load(x), kk), b0)
      b1 = madd(e1, f32x4.sub(v128.load(x, 16), kk), b1)
      b2 = madd(e2, f32x4.sub(v128.load(x, 32), kk), b2)
      b3 = madd(e3, f32x4.sub(v128.load(x, 48), kk), b3)
      u += 64
    }
    const a = f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3))
    const b = f32x4.add(f32x4.add(b0, b1), f32x4.add(b2, b3))
    total = f64x2.add(total, laneSums(a, b))
  }
  let a = first(total)
  let b = second(total)
  for (const end = whole + ((<usize>(n & 15)) << 2); x < end; x += 4) {
    const e = <f64>load<f32>(u) - <f64>c
    a += e
    b += e * (<f64>load<f32>(x) - <f64>k)
    u += 4
  }
  return pair(a, b)
}

/**
 * (x - mean) q + t, plus u g where there is a u, with the mean of `coefficients`.
 * @param easy float32 can.
 */
export function draw<U>(x: usize, u: usize, to: usize, n: i32, q: f64, t: f64, g: f64, easy: bool): void {
  const end = to + ((<usize>n) << 2)
  if (easy) {
    const k = f32x4.splat(shift)
    const qq = f32x4.splat(<f32>q)
    const tt = f32x4.splat(<f32>(t + (<f64>shift - center) * q))
    const gg = f32x4.splat(<f32>g)
    for (const whole = to + ((<usize>(n & ~15)) << 2); to < whole; to += 64) {
      touch(to)
      let d0 = madd(f32x4.sub(v128.load(x), k), qq, tt)
      let d1 = madd(f32x4.sub(v128.load(x, 16), k), qq, tt)
      let d2 = madd(f32x4.sub(v128.load(x, 32), k), qq, tt)
      let d3 = madd(f32x4.sub(v128.load(x, 48), k), qq, tt)
      if (!isVoid<U>()) {
        d0 = madd(v128.load(u), gg, d0)
        d1 = madd(v128.load(u, 16), gg, d1)
        d2 = madd(v128.load(u, 32), gg, d2)
        d3 = madd(v128.load(u, 48), gg, d3)
        u += 64
      }
      v128.store(to, d0)
      v128.store(to, d1, 16)
      v128.store(to, d2, 32)
      v128.store(to, d3, 48)
      x += 64
    }
  }
  for (; to < end; to += 4) {
    let d = (<f64>load<f32>(x) - center) * q + t
    if (!isVoid<U>()) {
      d += <f64>load<f32>(u) * g
      u += 4
    }
    store<f32>(to, <f32>d)
    x += 4
  }
}
