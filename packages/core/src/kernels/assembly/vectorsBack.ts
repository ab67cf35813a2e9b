/** Backward of rows that are cells, with gamma and beta along them: see vectors.ts. */
import { faint, fits } from './cell'
import { both, drain, first, laneSums, madd, second, shift, touch, zero } from './simd'

/** Elements of a row that float32 sums take in before they go to float64. */
const BLOCK = 1024
/** Rows whose dgamma and dbeta are summed in float32. */
const HOLD = 64
let held: i32 = 0

/** The float64 at p and at p + far. */
function two(p: usize, far: usize): v128 {
  return f64x2.replace_lane(v128.load64_splat(p), 1, load<f64>(p + far))
}

function usable(m: f64, v: f64, r: f64): bool {
  return (r == 0 || fits(r)) && Math.abs(m) < 1e30 && !faint(m, v)
}

/**
 * dx of each row, and dgamma and dbeta, float64, of all. With u = (x - m) r and g = dy gamma, dx = r (g - mean(g) - u mean(g u)),
 * the first mean only where x was centred. Two rows at a time, one of each half, for one load of gamma and of what `partial`
 * holds: n float32 of dgamma, n of dbeta, n zeros as the row beside the last of an odd number, room for that row's dx, and
 * for two rows of x.
 * @param last no other rows of this x follow. @returns false where float32 cannot.
 */
export function vectorBackward(
  x: usize,
  dy: usize,
  dx: usize,
  rows: i32,
  n: i32,
  centered: bool,
  means: usize,
  variances: usize,
  rstds: usize,
  gamma: usize,
  partial: usize,
  dgamma: usize,
  dbeta: usize,
  last: bool,
): bool {
  const bytes = (<usize>n) << 2
  const share = f64x2.splat(-1 / <f64>n)
  const pairs = (rows + 1) >> 1
  const beside = <usize>(rows - pairs)
  for (let i = 0; i < pairs; i++) {
    // The last of an odd number stands alone, in the middle.
    const more = <usize>i < beside
    const far: usize = more ? <usize>pairs * bytes : 0
    const up: usize = more ? far : partial + (bytes << 1) - dy
    const out: usize = more ? far : partial + bytes * 3 - dx
    const apart: usize = more ? (<usize>pairs) << 3 : 0
    const m = centered ? two(means, apart) : f64x2.splat(0)
    const r = two(rstds, apart)
    const v = two(variances, apart)
    if (!(usable(first(m), first(v), first(r)) && usable(second(m), second(v), second(r)))) break
    // x, or x less K in scratch where the mean is greater than the spread. Rows of a few elements are summed in float64.
    let from = x
    let step = far
    let c = f64x2.neg(m)
    if (n > 15 && i64x2.bitmask(f64x2.le(f64x2.mul(m, m), f64x2.mul(v, f64x2.splat(4)))) != 3) {
      const k0 = <f32>first(m)
      const k1 = <f32>second(m)
      from = partial + (bytes << 2)
      step = bytes
      shift(x, far, from, n, k0, k1)
      c = f64x2.add(c, f64x2.replace_lane(f64x2.splat(<f64>k0), 1, <f64>k1))
    }
    const e = f64x2.mul(c, r)
    const whole = from + ((<usize>(n & ~15)) << 2)
    const end = from + bytes
    let total = f64x2.splat(0)
    let dots = f64x2.splat(0)
    let p = from
    let q = dy
    let g = gamma
    while (p < whole) {
      const stop = min(whole, p + (BLOCK << 2))
      let a0 = zero()
      let a1 = zero()
      let b0 = zero()
      let b1 = zero()
      let c0 = zero()
      let c1 = zero()
      for (; p < stop; p += 32) {
        const w0 = v128.load(g)
        const w1 = v128.load(g, 16)
        const s0 = f32x4.mul(v128.load(q), w0)
        const s1 = f32x4.mul(v128.load(q, 16), w1)
        const t0 = f32x4.mul(v128.load(q + up), w0)
        const t1 = f32x4.mul(v128.load(q + up, 16), w1)
        a0 = f32x4.add(a0, f32x4.add(s0, s1))
        a1 = f32x4.add(a1, f32x4.add(t0, t1))
        b0 = madd(s0, v128.load(p), b0)
        b1 = madd(t0, v128.load(p + step), b1)
        c0 = madd(s1, v128.load(p, 16), c0)
        c1 = madd(t1, v128.load(p + step, 16), c1)
        q += 32
        g += 32
      }
      total = f64x2.add(total, laneSums(a0, a1))
      dots = f64x2.add(dots, laneSums(f32x4.add(b0, c0), f32x4.add(b1, c1)))
    }
    for (; p < end; p += 4) {
      const s = f64x2.mul(both(q, up), f64x2.splat(<f64>load<f32>(g)))
      total = f64x2.add(total, s)
      dots = f64x2.add(dots, f64x2.mul(s, both(p, step)))
      q += 4
      g += 4
    }
    // The sums of g u. What was added up around K is set right.
    dots = f64x2.add(f64x2.mul(dots, r), f64x2.mul(total, e))
    const size = f64x2.add(f64x2.abs(total), f64x2.abs(dots))
    if (i64x2.bitmask(f64x2.lt(size, f64x2.splat(1e36))) != 3) break
    const a = centered ? f64x2.mul(f64x2.mul(total, r), share) : f64x2.splat(0)
    const b = f64x2.mul(f64x2.mul(dots, r), share)
    const r0 = f32x4.splat(<f32>first(r))
    const r1 = f32x4.splat(<f32>second(r))
    const e0 = f32x4.splat(<f32>first(e))
    const e1 = f32x4.splat(<f32>second(e))
    const a0 = f32x4.splat(<f32>first(a))
    const a1 = f32x4.splat(<f32>second(a))
    const b0 = f32x4.splat(<f32>first(b))
    const b1 = f32x4.splat(<f32>second(b))
    // The next rows are fetched meanwhile.
    const ahead: usize = from == x && <usize>i + 1 < beside ? bytes : 0
    let to = partial
    g = gamma
    while (from < whole) {
      touch(dx)
      touch(dx + out)
      touch(from + ahead)
      touch(from + ahead + step)
      touch(dy + ahead)
      touch(dy + ahead + up)
      // Four vectors a turn: the loop's own work was a twentieth.
      const from2 = from + step
      const dy2 = dy + up
      const dx2 = dx + out
      const to2 = to + bytes
      let w = v128.load(g)
      let u0 = madd(v128.load(from), r0, e0)
      let u1 = madd(v128.load(from2), r1, e1)
      let d0 = v128.load(dy)
      let d1 = v128.load(dy2)
      v128.store(to, madd(d1, u1, madd(d0, u0, v128.load(to))))
      v128.store(to2, f32x4.add(f32x4.add(d0, d1), v128.load(to2)))
      v128.store(dx, madd(f32x4.mul(d0, w), r0, madd(u0, b0, a0)))
      v128.store(dx2, madd(f32x4.mul(d1, w), r1, madd(u1, b1, a1)))
      w = v128.load(g, 16)
      u0 = madd(v128.load(from, 16), r0, e0)
      u1 = madd(v128.load(from2, 16), r1, e1)
      d0 = v128.load(dy, 16)
      d1 = v128.load(dy2, 16)
      v128.store(to, madd(d1, u1, madd(d0, u0, v128.load(to, 16))), 16)
      v128.store(to2, f32x4.add(f32x4.add(d0, d1), v128.load(to2, 16)), 16)
      v128.store(dx, madd(f32x4.mul(d0, w), r0, madd(u0, b0, a0)), 16)
      v128.store(dx2, madd(f32x4.mul(d1, w), r1, madd(u1, b1, a1)), 16)
      w = v128.load(g, 32)
      u0 = madd(v128.load(from, 32), r0, e0)
      u1 = madd(v128.load(from2, 32), r1, e1)
      d0 = v128.load(dy, 32)
      d1 = v128.load(dy2, 32)
      v128.store(to, madd(d1, u1, madd(d0, u0, v128.load(to, 32))), 32)
      v128.store(to2, f32x4.add(f32x4.add(d0, d1), v128.load(to2, 32)), 32)
      v128.store(dx, madd(f32x4.mul(d0, w), r0, madd(u0, b0, a0)), 32)
      v128.store(dx2, madd(f32x4.mul(d1, w), r1, madd(u1, b1, a1)), 32)
      w = v128.load(g, 48)
      u0 = madd(v128.load(from, 48), r0, e0)
      u1 = madd(v128.load(from2, 48), r1, e1)
      d0 = v128.load(dy, 48)
      d1 = v128.load(dy2, 48)
      v128.store(to, madd(d1, u1, madd(d0, u0, v128.load(to, 48))), 48)
      v128.store(to2, f32x4.add(f32x4.add(d0, d1), v128.load(to2, 48)), 48)
      v128.store(dx, madd(f32x4.mul(d0, w), r0, madd(u0, b0, a0)), 48)
      v128.store(dx2, madd(f32x4.mul(d1, w), r1, madd(u1, b1, a1)), 48)
      from += 64
      dy += 64
      dx += 64
      g += 64
      to += 64
    }
    for (; from < end; from += 4) {
      const u = f64x2.mul(f64x2.add(both(from, step), c), r)
      const d = both(dy, up)
      const s = f64x2.mul(d, u)
      const w = f64x2.mul(f64x2.splat(<f64>load<f32>(g)), r)
      const t = f64x2.add(f64x2.mul(d, w), f64x2.add(f64x2.mul(u, b), a))
      store<f32>(to, <f32>(<f64>load<f32>(to) + first(s) + second(s)))
      store<f32>(to + bytes, <f32>(<f64>load<f32>(to + bytes) + first(d) + second(d)))
      store<f32>(dx, <f32>first(t))
      store<f32>(dx + out, <f32>second(t))
      dy += 4
      dx += 4
      g += 4
      to += 4
    }
    x += bytes
    means += 8
    variances += 8
    rstds += 8
    held += 2
    if (held >= HOLD || (last && i + 1 == pairs)) {
      drain(partial, dgamma, n)
      drain(partial + bytes, dbeta, n)
      held = 0
    }
    if (i + 1 == pairs) return true
  }
  held = 0
  return false
}
