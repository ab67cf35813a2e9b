/** Backward of rows that are cells, with gamma and beta along them: see vectors.ts. */
import { faint, fits } from './cell'
import { both, drain, first, laneSums, madd, pair, second, shift, STRIP, touch, zero } from './simd'

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
 * holds: n float32 of dgamma, n of dbeta, n zeros as the row beside the last of an odd number, and room for that row's dx.
 * Strip by strip, as forward is. dx may be neither x nor dy.
 * @param stats see forward.
 * @param last no other rows of this x follow. @returns false where float32 cannot.
 */
export function vectorBackward(
  x: usize,
  dy: usize,
  dx: usize,
  rows: i32,
  n: i32,
  centered: bool,
  stats: usize,
  stride: usize,
  gamma: usize,
  partial: usize,
  dgamma: usize,
  dbeta: usize,
  last: bool,
): bool {
  const bytes = (<usize>n) << 2
  const whole = (<usize>(n & ~15)) << 2
  const share = f64x2.splat(-1 / <f64>n)
  const pairs = (rows + 1) >> 1
  let far = <usize>pairs * bytes
  let apart: usize = (<usize>pairs) << 3
  // What is drawn: dx = (dz gamma) r + u b + a, with u = from r + e = (from + c) r.
  let from: usize = 0
  let from2: usize = 0
  let dz: usize = 0
  let dz2: usize = 0
  let to: usize = 0
  let to2: usize = 0
  let c = f64x2.splat(0)
  let r = c
  let e = c
  let a = c
  let b = c
  for (let i = 0; ; i++) {
    let x2 = x + far
    let dy2 = dy + far
    let dx2 = dx + far
    if (i + pairs >= rows) {
      // The last of an odd number stands alone, in the middle.
      far = apart = 0
      x2 = x
      dy2 = partial + (bytes << 1)
      dx2 = dy2 + bytes
    }
    const m = centered ? two(stats, apart) : f64x2.splat(0)
    const v = two(stats + stride, apart)
    const rstd = two(stats + (stride << 1), apart)
    if (!(usable(first(m), first(v), first(rstd)) && usable(second(m), second(v), second(rstd)))) break
    // What is summed: x, or x less K in dx where the mean is greater than the spread. Rows of a few elements are summed in
    // float64. After the last rows it is done once more, with the same result: theirs are drawn from it yet.
    let next = x
    let next2 = x2
    let k = f64x2.neg(m)
    if (n > 15 && i64x2.bitmask(f64x2.le(f64x2.mul(m, m), f64x2.mul(v, f64x2.splat(4)))) != 3) {
      const k0 = <f32>first(m)
      const k1 = <f32>second(m)
      shift(x, dx, n, k0)
      shift(x2, dx2, n, k1)
      next = dx
      next2 = dx2
      k = f64x2.add(k, pair(<f64>k0, <f64>k1))
    }
    const r0 = f32x4.splat(<f32>first(r))
    const r1 = f32x4.splat(<f32>second(r))
    const e0 = f32x4.splat(<f32>first(e))
    const e1 = f32x4.splat(<f32>second(e))
    const a0 = f32x4.splat(<f32>first(a))
    const a1 = f32x4.splat(<f32>second(a))
    const b0 = f32x4.splat(<f32>first(b))
    const b1 = f32x4.splat(<f32>second(b))
    // dx is fetched ahead of its stores, where two more rows follow.
    const lead: usize = far ? min(bytes, 512) : 0
    let total = f64x2.splat(0)
    let dots = f64x2.splat(0)
    let j: usize = 0
    let o: usize = 0
    while (j < whole) {
      const stop = min(whole, j + (STRIP << 2))
      if (i < pairs) {
        let s0 = zero()
        let s1 = zero()
        let p0 = zero()
        let p1 = zero()
        let q0 = zero()
        let q1 = zero()
        for (; j < stop; j += 32) {
          const g = gamma + j
          const p = next + j
          const p2 = next2 + j
          const q = dy + j
          const q2 = dy2 + j
          const w0 = v128.load(g)
          const w1 = v128.load(g, 16)
          const d0 = f32x4.mul(v128.load(q), w0)
          const d1 = f32x4.mul(v128.load(q, 16), w1)
          const c0 = f32x4.mul(v128.load(q2), w0)
          const c1 = f32x4.mul(v128.load(q2, 16), w1)
          s0 = f32x4.add(s0, f32x4.add(d0, d1))
          s1 = f32x4.add(s1, f32x4.add(c0, c1))
          p0 = madd(d0, v128.load(p), p0)
          p1 = madd(c0, v128.load(p2), p1)
          q0 = madd(d1, v128.load(p, 16), q0)
          q1 = madd(c1, v128.load(p2, 16), q1)
        }
        total = f64x2.add(total, laneSums(s0, s1))
        dots = f64x2.add(dots, laneSums(f32x4.add(p0, q0), f32x4.add(p1, q1)))
      }
      j = stop
      if (i) {
        for (; o < stop; o += 64) {
          const g = gamma + o
          const f = from + o
          const f2 = from2 + o
          const h = dz + o
          const h2 = dz2 + o
          const t = to + o
          const t2 = to2 + o
          const z = partial + o
          const z2 = z + bytes
          touch(t + lead)
          touch(t2 + lead)
          let w = v128.load(g)
          let u0 = madd(v128.load(f), r0, e0)
          let u1 = madd(v128.load(f2), r1, e1)
          let d0 = v128.load(h)
          let d1 = v128.load(h2)
          v128.store(z, madd(d1, u1, madd(d0, u0, v128.load(z))))
          v128.store(z2, f32x4.add(f32x4.add(d0, d1), v128.load(z2)))
          v128.store(t, madd(f32x4.mul(d0, w), r0, madd(u0, b0, a0)))
          v128.store(t2, madd(f32x4.mul(d1, w), r1, madd(u1, b1, a1)))
          w = v128.load(g, 16)
          u0 = madd(v128.load(f, 16), r0, e0)
          u1 = madd(v128.load(f2, 16), r1, e1)
          d0 = v128.load(h, 16)
          d1 = v128.load(h2, 16)
          v128.store(z, madd(d1, u1, madd(d0, u0, v128.load(z, 16))), 16)
          v128.store(z2, f32x4.add(f32x4.add(d0, d1), v128.load(z2, 16)), 16)
          v128.store(t, madd(f32x4.mul(d0, w), r0, madd(u0, b0, a0)), 16)
          v128.store(t2, madd(f32x4.mul(d1, w), r1, madd(u1, b1, a1)), 16)
          w = v128.load(g, 32)
          u0 = madd(v128.load(f, 32), r0, e0)
          u1 = madd(v128.load(f2, 32), r1, e1)
          d0 = v128.load(h, 32)
          d1 = v128.load(h2, 32)
          v128.store(z, madd(d1, u1, madd(d0, u0, v128.load(z, 32))), 32)
          v128.store(z2, f32x4.add(f32x4.add(d0, d1), v128.load(z2, 32)), 32)
          v128.store(t, madd(f32x4.mul(d0, w), r0, madd(u0, b0, a0)), 32)
          v128.store(t2, madd(f32x4.mul(d1, w), r1, madd(u1, b1, a1)), 32)
          w = v128.load(g, 48)
          u0 = madd(v128.load(f, 48), r0, e0)
          u1 = madd(v128.load(f2, 48), r1, e1)
          d0 = v128.load(h, 48)
          d1 = v128.load(h2, 48)
          v128.store(z, madd(d1, u1, madd(d0, u0, v128.load(z, 48))), 48)
          v128.store(z2, f32x4.add(f32x4.add(d0, d1), v128.load(z2, 48)), 48)
          v128.store(t, madd(f32x4.mul(d0, w), r0, madd(u0, b0, a0)), 48)
          v128.store(t2, madd(f32x4.mul(d1, w), r1, madd(u1, b1, a1)), 48)
        }
      }
    }
    for (; j < bytes; j += 4) {
      const s = f64x2.mul(both(dy + j, dy2 + j), f64x2.splat(<f64>load<f32>(gamma + j)))
      total = f64x2.add(total, s)
      dots = f64x2.add(dots, f64x2.mul(s, both(next + j, next2 + j)))
    }
    if (i) {
      for (; o < bytes; o += 4) {
        const u = f64x2.mul(f64x2.add(both(from + o, from2 + o), c), r)
        const d = both(dz + o, dz2 + o)
        const s = f64x2.mul(d, u)
        const w = f64x2.mul(f64x2.splat(<f64>load<f32>(gamma + o)), r)
        const t = f64x2.add(f64x2.mul(d, w), f64x2.add(f64x2.mul(u, b), a))
        const z = partial + o
        store<f32>(z, <f32>(<f64>load<f32>(z) + first(s) + second(s)))
        store<f32>(z + bytes, <f32>(<f64>load<f32>(z + bytes) + first(d) + second(d)))
        store<f32>(to + o, <f32>first(t))
        store<f32>(to2 + o, <f32>second(t))
      }
      held += 2
      if (held >= HOLD || (last && i == pairs)) {
        drain(partial, dgamma, n)
        drain(partial + bytes, dbeta, n)
        held = 0
      }
      if (i == pairs) return true
    }
    r = rstd
    c = k
    e = f64x2.mul(c, r)
    // The sums of g u. What was added up around K is set right.
    dots = f64x2.add(f64x2.mul(dots, r), f64x2.mul(total, e))
    const size = f64x2.add(f64x2.abs(total), f64x2.abs(dots))
    if (i64x2.bitmask(f64x2.lt(size, f64x2.splat(1e36))) != 3) break
    const scale = f64x2.mul(r, share)
    a = centered ? f64x2.mul(total, scale) : f64x2.splat(0)
    b = f64x2.mul(dots, scale)
    from = next
    from2 = next2
    dz = dy
    dz2 = dy2
    to = dx
    to2 = dx2
    if (i + 1 < pairs) {
      x += bytes
      dy += bytes
      dx += bytes
      stats += 8
    }
  }
  held = 0
  return false
}
