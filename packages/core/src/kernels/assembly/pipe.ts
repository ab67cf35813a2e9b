/** One row is normalized while the next is read from memory and summed: neither waits for the other. */
import { factor, rest } from './cell'
import { BLOCK } from './moments'
import { enter, lanes, madd, touch, zero } from './simd'

/** Sum of squares of the next row. */
export let nextSquares: f64 = 0

/**
 * y = (x r + e) gamma + beta over n elements, a multiple of 16.
 * @param ahead 64 where 4352 bytes follow what is read and written here, else 0.
 * @returns the sum of the next row; it and the squares are as `sums` adds them up without a shift, to the bit.
 */
export function pipeRun(
  x: usize,
  y: usize,
  n: i32,
  gamma: usize,
  beta: usize,
  next: usize,
  ahead: usize,
): f64 {
  const r = f32x4.splat(factor)
  const e = f32x4.splat(rest)
  const end = y + ((<usize>n) << 2)
  let t: f64 = 0
  let u: f64 = 0
  while (y < end) {
    const stop = min(end, y + (BLOCK << 2))
    let a0 = zero()
    let a1 = zero()
    let a2 = zero()
    let a3 = zero()
    let b0 = zero()
    let b1 = zero()
    let b2 = zero()
    let b3 = zero()
    for (; y < stop; y += 64) {
      enter(next, ahead)
      enter(y, ahead)
      touch(y)
      const d0 = v128.load(next)
      a0 = f32x4.add(a0, d0)
      b0 = madd(d0, d0, b0)
      v128.store(y, madd(madd(v128.load(x), r, e), v128.load(gamma), v128.load(beta)))
      const d1 = v128.load(next, 16)
      a1 = f32x4.add(a1, d1)
      b1 = madd(d1, d1, b1)
      v128.store(y, madd(madd(v128.load(x, 16), r, e), v128.load(gamma, 16), v128.load(beta, 16)), 16)
      const d2 = v128.load(next, 32)
      a2 = f32x4.add(a2, d2)
      b2 = madd(d2, d2, b2)
      v128.store(y, madd(madd(v128.load(x, 32), r, e), v128.load(gamma, 32), v128.load(beta, 32)), 32)
      const d3 = v128.load(next, 48)
      a3 = f32x4.add(a3, d3)
      b3 = madd(d3, d3, b3)
      v128.store(y, madd(madd(v128.load(x, 48), r, e), v128.load(gamma, 48), v128.load(beta, 48)), 48)
      x += 64
      next += 64
      gamma += 64
      beta += 64
    }
    t += lanes(f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)))
    u += lanes(f32x4.add(f32x4.add(b0, b1), f32x4.add(b2, b3)))
  }
  nextSquares = u
  return t
}
