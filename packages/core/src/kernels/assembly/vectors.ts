/** Forward of rows that are cells, with gamma and beta along them: LayerNorm and RMSNorm over the last axes. */
import { factorOf, STD } from './cell'
import { inFloat64, mean, variance } from './moments'
import { both, first, laneSums, madd, second, shift, touch, zero } from './simd'

/** Elements of a row that float32 sums take in before they go to float64: 32 a lane. */
const BLOCK = 256

/**
 * y, mean, biased variance (mean square where nothing is centred) and rstd of each row. Two rows at a time, one of each half
 * of x: one root serves both, and one load of gamma and beta. (Two neighbours would share pages, and processors fetch ahead
 * along one line in each.) No row's result depends on the one beside it; the last of an odd number is beside itself.
 * @param scratch of 2 n float32.
 */
export function vectorForward(
  x: usize,
  y: usize,
  rows: i32,
  n: i32,
  centered: bool,
  centers: bool,
  epsilon: f64,
  means: usize,
  variances: usize,
  rstds: usize,
  gamma: usize,
  beta: usize,
  scratch: usize,
): void {
  const bytes = (<usize>n) << 2
  const share = f64x2.splat(1 / <f64>n)
  const pairs = (rows + 1) >> 1
  // Where two rows of x, of y and the next two of x have room in the first-level cache, y is fetched while x is summed, and
  // the next rows while these are drawn: memory is never idle.
  const small = bytes < 4096
  for (let i = 0; i < pairs; i++, x += bytes, y += bytes, means += 8, variances += 8, rstds += 8) {
    const more = i + pairs < rows
    const far: usize = more ? <usize>pairs * bytes : 0
    // What is summed: x, or x less K in scratch where the mean is greater than the spread. K is the first element, and if
    // that was a bad one the mean. Rows of a few elements are summed in float64 and need none.
    let from = x
    let step = far
    let k0: f32 = 0
    let k1: f32 = 0
    let k: v128
    let d: v128
    let v: v128
    let near: i32
    for (let attempt = 0; ; attempt++) {
      const over: usize = small && from == x ? y - x : 0
      let total = f64x2.splat(0)
      let squares = f64x2.splat(0)
      let p = from
      for (const whole = from + ((<usize>(n & ~15)) << 2); p < whole;) {
        const stop = min(whole, p + (BLOCK << 2))
        let a0 = zero()
        let a1 = zero()
        let b0 = zero()
        let b1 = zero()
        let c0 = zero()
        let c1 = zero()
        let d0 = zero()
        let d1 = zero()
        for (; p < stop; p += 32) {
          touch(p + over)
          touch(p + over + step)
          const u0 = v128.load(p)
          const u1 = v128.load(p, 16)
          const v0 = v128.load(p + step)
          const v1 = v128.load(p + step, 16)
          a0 = f32x4.add(a0, u0)
          a1 = f32x4.add(a1, u1)
          b0 = f32x4.add(b0, v0)
          b1 = f32x4.add(b1, v1)
          c0 = madd(u0, u0, c0)
          c1 = madd(u1, u1, c1)
          d0 = madd(v0, v0, d0)
          d1 = madd(v1, v1, d1)
        }
        total = f64x2.add(total, laneSums(f32x4.add(a0, a1), f32x4.add(b0, b1)))
        squares = f64x2.add(squares, laneSums(f32x4.add(c0, c1), f32x4.add(d0, d1)))
      }
      for (const end = from + bytes; p < end; p += 4) {
        const u = both(p, step)
        total = f64x2.add(total, u)
        squares = f64x2.add(squares, f64x2.mul(u, u))
      }
      d = centers ? f64x2.mul(total, share) : f64x2.splat(0)
      const power = f64x2.mul(d, d)
      v = f64x2.sub(f64x2.mul(squares, share), power)
      k = f64x2.replace_lane(f64x2.splat(<f64>k0), 1, <f64>k1)
      near = i64x2.bitmask(f64x2.le(power, v))
      if (near == 3 || attempt == 2 || n < 16) break
      if (!(near & 1)) k0 = attempt ? k0 + <f32>first(d) : load<f32>(x)
      if (!(near & 2)) k1 = attempt ? k1 + <f32>second(d) : load<f32>(x + far)
      shift(x, far, scratch, n, k0, k1)
      from = scratch
      step = bytes
    }
    let m = f64x2.add(k, d)
    let r = f64x2.div(f64x2.splat(1), f64x2.sqrt(f64x2.add(v, f64x2.splat(epsilon))))
    let c = centered ? f64x2.neg(d) : k
    let whole = from + ((<usize>(n & ~15)) << 2)
    const fit = v128.and(f64x2.gt(r, f64x2.splat(1e-15)), f64x2.lt(r, f64x2.splat(1e15)))
    const at: usize = (<usize>pairs) << 3
    if ((near & i64x2.bitmask(fit)) != 3) {
      // Float32 would overflow or underflow: each row by itself, and in float64 which that is true of.
      if (more) {
        // prettier-ignore
        vectorForward(x, y, 1, n, centered, centers, epsilon, means, variances, rstds, gamma, beta, scratch)
        // prettier-ignore
        vectorForward(x + far, y + far, 1, n, centered, centers, epsilon, means + at, variances + at, rstds + at, gamma, beta, scratch)
        continue
      }
      inFloat64(x, n, centers)
      m = f64x2.splat(mean)
      v = f64x2.splat(variance)
      r = f64x2.splat(factorOf(STD, variance, epsilon))
      c = centered ? f64x2.neg(m) : f64x2.splat(0)
      from = x
      step = 0
      whole = x
    }
    v128.store_lane<i64>(means, m, 0)
    v128.store_lane<i64>(variances, v, 0)
    v128.store_lane<i64>(rstds, r, 0)
    if (more) {
      v128.store_lane<i64>(means + at, m, 1)
      v128.store_lane<i64>(variances + at, v, 1)
      v128.store_lane<i64>(rstds + at, r, 1)
    }
    const e = f64x2.mul(c, r)
    const r0 = f32x4.splat(<f32>first(r))
    const r1 = f32x4.splat(<f32>second(r))
    const e0 = f32x4.splat(<f32>first(e))
    const e1 = f32x4.splat(<f32>second(e))
    const end = from + bytes
    const lead: usize = small && i + pairs + 1 < rows ? x + bytes - y : 0
    let q = y
    let g = gamma
    let b = beta
    for (; from < whole; from += 32) {
      touch(q + lead)
      touch(q + lead + far)
      const g0 = v128.load(g)
      const g1 = v128.load(g, 16)
      const b0 = v128.load(b)
      const b1 = v128.load(b, 16)
      v128.store(q, madd(madd(v128.load(from), r0, e0), g0, b0))
      v128.store(q, madd(madd(v128.load(from, 16), r0, e0), g1, b1), 16)
      v128.store(q + far, madd(madd(v128.load(from + step), r1, e1), g0, b0))
      v128.store(q + far, madd(madd(v128.load(from + step, 16), r1, e1), g1, b1), 16)
      q += 32
      g += 32
      b += 32
    }
    for (; from < end; from += 4) {
      const t = f64x2.mul(f64x2.mul(f64x2.add(both(from, step), c), r), f64x2.splat(<f64>load<f32>(g)))
      store<f32>(q, <f32>(first(t) + <f64>load<f32>(b)))
      store<f32>(q + far, <f32>(second(t) + <f64>load<f32>(b)))
      q += 4
      g += 4
      b += 4
    }
  }
}
