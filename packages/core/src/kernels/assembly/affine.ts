/** y from one run of x: the loops of forward. */
import { shift } from './cell'
import { madd, touch } from './simd'

/** y = (x - m) r g + b in float64, one element at a time: where float32 would overflow or underflow on the way. */
export function carefully(x: usize, y: usize, end: usize, m: f64, r: f64, g: f64, b: f64): void {
  for (; y < end; y += 4) {
    store<f32>(y, <f32>((<f64>load<f32>(x) - m) * r * g + b))
    x += 4
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
