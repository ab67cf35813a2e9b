/** The inner loops of backward over one run: see rowsBack.ts. */
import { center, shift, slope } from './cell'
import { first, madd, second, laneSums, zero } from './simd'

const BLOCK = 1024
/** Shorter runs are taken in float64: their gradient may be what cancellation leaves. */
const SHORT = 16

/** Results of `sumRun`. */
export let sum: f64 = 0
export let dot: f64 = 0

/** sum = sum of dy, dot = sum of dy xhat. */
export function sumRun(x: usize, dy: usize, n: i32): void {
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
      const g0 = v128.load(dy)
      const g1 = v128.load(dy, 16)
      const g2 = v128.load(dy, 32)
      const g3 = v128.load(dy, 48)
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
    const g = <f64>load<f32>(dy)
    t += g
    u += g * (<f64>load<f32>(x) - <f64>shift)
    dy += 4
  }
  sum = t
  dot = (u + t * (<f64>shift - center)) * slope
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
