/** y from one run of x: the loops of forward. */
import { fits, shift } from './cell'
import { madd, touch } from './simd'

/**
 * y = (x - m) r gamma + beta, with a gamma and a beta for each element.
 * @param v the variance of x, less than 0 where it is not known. Where the mean is no greater than the spread x itself loses
 * nothing; else it is shifted by K first.
 */
@inline
export function affine(
  x: usize,
  y: usize,
  n: i32,
  m: f64,
  v: f64,
  r: f64,
  gamma: usize,
  beta: usize,
): void {
  const end = y + ((<usize>n) << 2)
  if ((r == 0 || fits(r)) && Math.abs(m) < 1e30) {
    const near: f32 = m * m <= 4 * v ? 0 : <f32>m
    const k = f32x4.splat(near)
    const rr = f32x4.splat(<f32>r)
    const ee = f32x4.splat(<f32>((<f64>near - m) * r))
    for (const whole = y + ((<usize>(n & ~7)) << 2); y < whole; y += 32) {
      const t0 = madd(f32x4.sub(v128.load(x), k), rr, ee)
      const t1 = madd(f32x4.sub(v128.load(x, 16), k), rr, ee)
      v128.store(y, madd(t0, v128.load(gamma), v128.load(beta)))
      v128.store(y, madd(t1, v128.load(gamma, 16), v128.load(beta, 16)), 16)
      x += 32
      gamma += 32
      beta += 32
    }
  }
  if (y < end) carefully(x, y, end, m, r, gamma, beta, 4)
}

/**
 * y = (x - m) r gamma + beta in float64, one element at a time up to `end` of y: the last few, and all where float32 would
 * overflow or underflow on the way. `stride` is 4 where gamma and beta have an entry an element, 0 where one for all.
 */
export function carefully(
  x: usize,
  y: usize,
  end: usize,
  m: f64,
  r: f64,
  gamma: usize,
  beta: usize,
  stride: usize,
): void {
  for (; y < end; y += 4) {
    const t = (<f64>load<f32>(x) - m) * r
    store<f32>(y, <f32>(t * <f64>load<f32>(gamma) + <f64>load<f32>(beta)))
    x += 4
    gamma += stride
    beta += stride
  }
}

/** y = (x - shift) a + b. */
export function scalarRun(x: usize, y: usize, n: i32, a: f32, b: f32): void {
  const k = f32x4.splat(shift)
  const aa = f32x4.splat(a)
  const bb = f32x4.splat(b)
  const end = (<usize>n) << 2
  const whole = (<usize>(n & ~15)) << 2
  let i: usize = 0
  for (; i < whole; i += 64) {
    touch(y + i)
    v128.store(y + i, madd(f32x4.sub(v128.load(x + i), k), aa, bb))
    v128.store(y + i, madd(f32x4.sub(v128.load(x + i, 16), k), aa, bb), 16)
    v128.store(y + i, madd(f32x4.sub(v128.load(x + i, 32), k), aa, bb), 32)
    v128.store(y + i, madd(f32x4.sub(v128.load(x + i, 48), k), aa, bb), 48)
  }
  for (; i < end; i += 4) store<f32>(y + i, (load<f32>(x + i) - shift) * a + b)
}
