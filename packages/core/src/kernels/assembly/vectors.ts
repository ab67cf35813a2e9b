/** Forward of rows that are cells, with gamma and beta along them: LayerNorm and RMSNorm over the last axes. */
import { factorOf, STD } from './cell'
import { inFloat64, mean, variance } from './moments'
import { both, first, laneSums, madd, second, shift, STRIP, touch, zero } from './simd'

/**
 * y, mean, biased variance (mean square where nothing is centred) and rstd of each row. Two rows at a time, one of each half
 * of x: one root serves both, and one load of gamma and beta. (Two neighbours would share pages, and processors fetch ahead
 * along one line in each.) No row's result depends on the one beside it; the last of an odd number is beside itself.
 *
 * While two rows are drawn the next two are summed, a strip of these and a strip of those in turn: so memory is never idle.
 * y may not be x: it holds what K is taken from.
 * @param stats means of all rows of the call; `stride` bytes on the variances, and again the rstds.
 */
export function vectorForward(
  x: usize,
  y: usize,
  rows: i32,
  n: i32,
  centered: bool,
  centers: bool,
  epsilon: f64,
  stats: usize,
  stride: usize,
  gamma: usize,
  beta: usize,
): void {
  const bytes = (<usize>n) << 2
  const whole = (<usize>(n & ~15)) << 2
  const share = f64x2.splat(1 / <f64>n)
  const pairs = (rows + 1) >> 1
  let at: usize = (<usize>pairs) << 3
  let far: usize = <usize>pairs * bytes
  // What is drawn: y = (from + c) r gamma + beta, the two rows `step` apart, as far as `last`, in vectors or not.
  let from: usize = 0
  let to: usize = 0
  let step: usize = 0
  let c = f64x2.splat(0)
  let r = c
  let draws = false
  let last: usize = 0
  // What is summed: x, or x less K in y where the mean is greater than the spread. K is the first element, and if that was
  // a bad one the mean. Rows of a few elements are summed in float64 and need none.
  let next = x
  let k = r
  let attempt = 0
  for (let i = 0; ;) {
    // The last of an odd number is beside itself.
    if (i + pairs >= rows) far = at = 0
    const r0 = f32x4.splat(<f32>first(r))
    const r1 = f32x4.splat(<f32>second(r))
    const e = f64x2.mul(c, r)
    const e0 = f32x4.splat(<f32>first(e))
    const e1 = f32x4.splat(<f32>second(e))
    // y is fetched ahead of its stores, where two more rows follow.
    const lead: usize = far ? min(bytes, 512) : 0
    let total = f64x2.splat(0)
    let squares = f64x2.splat(0)
    let j: usize = 0
    let o: usize = 0
    while (j < whole) {
      const stop = min(whole, j + (STRIP << 2))
      if (i < pairs) {
        let a0 = zero()
        let a1 = zero()
        let b0 = zero()
        let b1 = zero()
        let c0 = zero()
        let c1 = zero()
        for (; j < stop; j += 32) {
          const p = next + j
          const p2 = p + far
          let u = v128.load(p)
          let v = v128.load(p, 16)
          a0 = f32x4.add(a0, f32x4.add(u, v))
          b0 = madd(u, u, b0)
          c0 = madd(v, v, c0)
          u = v128.load(p2)
          v = v128.load(p2, 16)
          a1 = f32x4.add(a1, f32x4.add(u, v))
          b1 = madd(u, u, b1)
          c1 = madd(v, v, c1)
        }
        total = f64x2.add(total, laneSums(a0, a1))
        squares = f64x2.add(squares, laneSums(f32x4.add(b0, c0), f32x4.add(b1, c1)))
      }
      j = stop
      if (draws) {
        for (; o < stop; o += 64) {
          const q = to + o
          const q2 = q + step
          touch(q + lead)
          touch(q2 + lead)
          const g = gamma + o
          const b = beta + o
          const f = from + o
          const f2 = f + step
          // Both are read before one is written: they may be the same.
          let u = v128.load(g)
          let v = v128.load(b)
          let d = v128.load(f)
          let d2 = v128.load(f2)
          v128.store(q, madd(madd(d, r0, e0), u, v))
          v128.store(q2, madd(madd(d2, r1, e1), u, v))
          u = v128.load(g, 16)
          v = v128.load(b, 16)
          d = v128.load(f, 16)
          d2 = v128.load(f2, 16)
          v128.store(q, madd(madd(d, r0, e0), u, v), 16)
          v128.store(q2, madd(madd(d2, r1, e1), u, v), 16)
          u = v128.load(g, 32)
          v = v128.load(b, 32)
          d = v128.load(f, 32)
          d2 = v128.load(f2, 32)
          v128.store(q, madd(madd(d, r0, e0), u, v), 32)
          v128.store(q2, madd(madd(d2, r1, e1), u, v), 32)
          u = v128.load(g, 48)
          v = v128.load(b, 48)
          d = v128.load(f, 48)
          d2 = v128.load(f2, 48)
          v128.store(q, madd(madd(d, r0, e0), u, v), 48)
          v128.store(q2, madd(madd(d2, r1, e1), u, v), 48)
        }
      }
    }
    for (; j < bytes; j += 4) {
      const u = both(next + j, next + j + far)
      total = f64x2.add(total, u)
      squares = f64x2.add(squares, f64x2.mul(u, u))
    }
    for (; o < last; o += 4) {
      const t = f64x2.mul(
        f64x2.mul(f64x2.add(both(from + o, from + o + step), c), r),
        f64x2.splat(<f64>load<f32>(gamma + o)),
      )
      store<f32>(to + o, <f32>(first(t) + <f64>load<f32>(beta + o)))
      store<f32>(to + o + step, <f32>(second(t) + <f64>load<f32>(beta + o)))
    }
    if (i == pairs) break
    draws = false
    last = 0
    const d = centers ? f64x2.mul(total, share) : f64x2.splat(0)
    const power = f64x2.mul(d, d)
    let v = f64x2.sub(f64x2.mul(squares, share), power)
    const steady = f64x2.le(power, v)
    const near = i64x2.bitmask(steady)
    if (near != 3 && attempt < 2 && n >= 16) {
      const better = attempt
        ? f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(f64x2.add(k, d)))
        : both(x, x + far)
      k = v128.bitselect(k, better, steady)
      shift(x, y, n, <f32>first(k))
      shift(x + far, y + far, n, <f32>second(k))
      attempt++
      next = y
      continue
    }
    let m = f64x2.add(k, d)
    r = f64x2.div(f64x2.splat(1), f64x2.sqrt(f64x2.add(v, f64x2.splat(epsilon))))
    c = centered ? f64x2.neg(d) : k
    const fit = v128.and(f64x2.gt(r, f64x2.splat(1e-15)), f64x2.lt(r, f64x2.splat(1e15)))
    const bad = (near & i64x2.bitmask(fit)) != 3
    if (bad && far) {
      // Float32 would overflow or underflow: each row by itself, and in float64 which that is true of.
      // prettier-ignore
      vectorForward(x, y, 1, n, centered, centers, epsilon, stats, stride, gamma, beta)
      // prettier-ignore
      vectorForward(x + far, y + far, 1, n, centered, centers, epsilon, stats + at, stride, gamma, beta)
    } else {
      draws = !bad
      last = bytes
      from = next
      step = far
      to = y
      if (bad) {
        inFloat64(x, n, centers)
        m = f64x2.splat(mean)
        v = f64x2.splat(variance)
        r = f64x2.splat(factorOf(STD, variance, epsilon))
        c = centered ? f64x2.neg(m) : f64x2.splat(0)
        from = x
      }
      const vs = stats + stride
      const rs = vs + stride
      v128.store_lane<i64>(stats, m, 0)
      v128.store_lane<i64>(vs, v, 0)
      v128.store_lane<i64>(rs, r, 0)
      v128.store_lane<i64>(stats + at, m, 1)
      v128.store_lane<i64>(vs + at, v, 1)
      v128.store_lane<i64>(rs + at, r, 1)
    }
    stats += 8
    if (++i < pairs) {
      next = x += bytes
      y += bytes
    }
    k = f64x2.splat(0)
    attempt = 0
  }
}
