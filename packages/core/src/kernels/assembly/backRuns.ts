/** The inner loops of backward over one run: see rowsBack.ts. */
import { center, factor, rest, shift, slope } from './cell'
import { first, madd, second, laneSums, touch, zero } from './simd'

const BLOCK = 1024
/** Shorter runs are taken in float64: their gradient may be what cancellation leaves. */
export const SHORT = 16

/** Results of `sumRun`. */
export let sum: f64 = 0
export let dot: f64 = 0

/** sum = sum of g, dot = sum of g xhat, where g = dy, or dy gamma where gamma is a vector. */
export function sumRun(x: usize, dy: usize, n: i32, vector: bool, gamma: usize): void {
  const k = f32x4.splat(shift)
  const whole = n < SHORT ? 0 : n & ~15
  const end = x + ((<usize>n) << 2)
  let total = f64x2.splat(0)
  for (let from = 0; from < whole; from += BLOCK) {
    const stop = x + ((<usize>min(whole - from, BLOCK)) << 2)
    let a0 = zero()
    let a1 = zero()
    let a2 = zero()
    let a3 = zero()
    let b0 = zero()
    let b1 = zero()
    let b2 = zero()
    let b3 = zero()
    for (; x < stop; x += 64) {
      let g0 = v128.load(dy)
      let g1 = v128.load(dy, 16)
      let g2 = v128.load(dy, 32)
      let g3 = v128.load(dy, 48)
      if (vector) {
        g0 = f32x4.mul(g0, v128.load(gamma))
        g1 = f32x4.mul(g1, v128.load(gamma, 16))
        g2 = f32x4.mul(g2, v128.load(gamma, 32))
        g3 = f32x4.mul(g3, v128.load(gamma, 48))
        gamma += 64
      }
      a0 = f32x4.add(a0, g0)
      a1 = f32x4.add(a1, g1)
      a2 = f32x4.add(a2, g2)
      a3 = f32x4.add(a3, g3)
      b0 = madd(g0, f32x4.sub(v128.load(x), k), b0)
      b1 = madd(g1, f32x4.sub(v128.load(x, 16), k), b1)
      b2 = madd(g2, f32x4.sub(v128.load(x, 32), k), b2)
      b3 = madd(g3, f32x4.sub(v128.load(x, 48), k), b3)
      dy += 64
    }
    total = f64x2.add(
      total,
      laneSums(
        f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)),
        f32x4.add(f32x4.add(b0, b1), f32x4.add(b2, b3)),
      ),
    )
  }
  let t = first(total)
  let u = second(total)
  for (; x < end; x += 4) {
    let g = <f64>load<f32>(dy)
    if (vector) {
      g *= <f64>load<f32>(gamma)
      gamma += 4
    }
    t += g
    u += g * (<f64>load<f32>(x) - <f64>shift)
    dy += 4
  }
  sum = t
  dot = (u + t * (<f64>shift - center)) * slope
}

/** dx = r g + b u + a, and dgamma += dy u, dbeta += dy in float32, for a gamma an element. */
export function vectorRun(
  x: usize,
  dy: usize,
  dx: usize,
  n: i32,
  gamma: usize,
  dgamma: usize,
  dbeta: usize,
  a: f64,
  b: f64,
): void {
  const k = f32x4.splat(shift)
  const r = f32x4.splat(factor)
  const e = f32x4.splat(rest)
  const aa = f32x4.splat(<f32>a)
  const bb = f32x4.splat(<f32>b)
  const end = x + ((<usize>n) << 2)
  if (n >= SHORT)
    for (const whole = x + ((<usize>(n & ~7)) << 2); x < whole; x += 32) {
      touch(dx)
      const u0 = madd(f32x4.sub(v128.load(x), k), r, e)
      const u1 = madd(f32x4.sub(v128.load(x, 16), k), r, e)
      const d0 = v128.load(dy)
      const d1 = v128.load(dy, 16)
      v128.store(dgamma, madd(d0, u0, v128.load(dgamma)))
      v128.store(dgamma, madd(d1, u1, v128.load(dgamma, 16)), 16)
      v128.store(dbeta, f32x4.add(d0, v128.load(dbeta)))
      v128.store(dbeta, f32x4.add(d1, v128.load(dbeta, 16)), 16)
      v128.store(dx, madd(f32x4.mul(d0, v128.load(gamma)), r, madd(u0, bb, aa)))
      v128.store(dx, madd(f32x4.mul(d1, v128.load(gamma, 16)), r, madd(u1, bb, aa)), 16)
      dy += 32
      dx += 32
      gamma += 32
      dgamma += 32
      dbeta += 32
    }
  for (; x < end; x += 4) {
    const u = (<f64>load<f32>(x) - center) * slope
    const d = <f64>load<f32>(dy)
    store<f32>(dgamma, <f32>(<f64>load<f32>(dgamma) + d * u))
    store<f32>(dbeta, <f32>(<f64>load<f32>(dbeta) + d))
    store<f32>(dx, <f32>(d * <f64>load<f32>(gamma) * slope + u * b + a))
    dy += 4
    dx += 4
    gamma += 4
    dgamma += 4
    dbeta += 4
  }
}

/** dx = dy g + (x - k) q + t, where q = b r and g = gamma r. */
export function scalarRun(x: usize, dy: usize, dx: usize, n: i32, g: f64, a: f64, b: f64): void {
  const q = b * slope
  const k = f32x4.splat(shift)
  const gg = f32x4.splat(<f32>g)
  const qq = f32x4.splat(<f32>q)
  const tt = f32x4.splat(<f32>(a + (<f64>shift - center) * q))
  const end = x + ((<usize>n) << 2)
  if (n >= SHORT)
    for (const whole = x + ((<usize>(n & ~15)) << 2); x < whole; x += 64) {
      v128.store(dx, madd(v128.load(dy), gg, madd(f32x4.sub(v128.load(x), k), qq, tt)))
      v128.store(dx, madd(v128.load(dy, 16), gg, madd(f32x4.sub(v128.load(x, 16), k), qq, tt)), 16)
      v128.store(dx, madd(v128.load(dy, 32), gg, madd(f32x4.sub(v128.load(x, 32), k), qq, tt)), 32)
      v128.store(dx, madd(v128.load(dy, 48), gg, madd(f32x4.sub(v128.load(x, 48), k), qq, tt)), 48)
      dy += 64
      dx += 64
    }
  for (; x < end; x += 4) {
    store<f32>(dx, <f32>(<f64>load<f32>(dy) * g + ((<f64>load<f32>(x) - center) * q + a)))
    dy += 4
    dx += 4
  }
}
