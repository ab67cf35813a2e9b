/** Backward of rows that are cells, with gamma and beta along them: see rowsBack.ts and vectors.ts. */
import { dot, sum, sumRun, vectorRun } from './backRuns'
import { coefficients, faint, fits } from './cell'
import { drain, f64At, first, laneSums, madd, second, touch, zero } from './simd'

/** Rows whose dgamma and dbeta are summed in float32, in `partial`. */
const HOLD = 64
/** Longer rows are summed in blocks. */
const LONG = 8192
let held: i32 = 0

/** One row, with a shift where it needs that. False where float32 cannot. */
function single(
  x: usize,
  dy: usize,
  dx: usize,
  n: i32,
  m: f64,
  v: f64,
  r: f64,
  gamma: usize,
  centred: f64,
  scaled: f64,
  least: f64,
  dgamma: usize,
  dbeta: usize,
): bool {
  if (!coefficients(m, r) || faint(m, v)) return false
  sumRun(x, dy, n, true, gamma)
  const a = centred ? (-r * sum) / centred : 0
  const b = scaled != 0 && v > least ? (-r * dot) / scaled : 0
  vectorRun(x, dy, dx, n, gamma, dgamma, dbeta, a, b)
  return Math.abs(sum) + Math.abs(dot) < 1e36
}

/** True where x itself loses nothing: the mean is no greater than the spread, and float32 multiplies with r. */
function plain(m: f64, v: f64, r: f64): bool {
  return m * m <= 4 * v && fits(r)
}

/**
 * dx of each row, and dgamma and dbeta, float64, of all. With u = (x - m) r and g = dy gamma, dx = r g + b u + a, where a and b
 * come from the sums of g and g u over the row: -r times them over the counts `centred` and `scaled`, 0 where there is no such
 * term; nor is there the second in a row whose variance is not above `least`. `last` says that no other rows of this x follow.
 * Two rows at a time, for one load of gamma and of the sums in `partial`. False where float32 cannot.
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
  centred: f64,
  scaled: f64,
  least: f64,
  partial: usize,
  dgamma: usize,
  dbeta: usize,
  last: bool,
): bool {
  const whole = (n & 15) == 0 && n <= LONG && least < 0
  const bytes = (<usize>n) << 2
  for (let i = 0; i < rows;) {
    const m0 = centered ? f64At(means, i) : 0
    const v0 = f64At(variances, i)
    const s0 = f64At(rstds, i)
    const more = i + 1 < rows
    const m1 = centered && more ? f64At(means, i + 1) : m0
    const s1 = more ? f64At(rstds, i + 1) : s0
    if (whole && more && plain(m0, v0, s0) && plain(m1, f64At(variances, i + 1), s1)) {
      const end = x + bytes
      let p0 = zero()
      let p1 = zero()
      let q0 = zero()
      let q1 = zero()
      let q2 = zero()
      let q3 = zero()
      let up = dy
      let g = gamma
      for (let p = x; p < end; p += 32) {
        const w0 = v128.load(g)
        const w1 = v128.load(g, 16)
        const a0 = f32x4.mul(v128.load(up), w0)
        const a1 = f32x4.mul(v128.load(up, 16), w1)
        const b0 = f32x4.mul(v128.load(up + bytes), w0)
        const b1 = f32x4.mul(v128.load(up + bytes, 16), w1)
        p0 = f32x4.add(p0, f32x4.add(a0, a1))
        p1 = f32x4.add(p1, f32x4.add(b0, b1))
        q0 = madd(a0, v128.load(p), q0)
        q1 = madd(b0, v128.load(p + bytes), q1)
        q2 = madd(a1, v128.load(p, 16), q2)
        q3 = madd(b1, v128.load(p + bytes, 16), q3)
        up += 32
        g += 32
      }
      const sums = laneSums(p0, p1)
      const dots = laneSums(f32x4.add(q0, q2), f32x4.add(q1, q3))
      const g0 = first(sums)
      const g1 = second(sums)
      const h0 = (first(dots) - m0 * g0) * s0
      const h1 = (second(dots) - m1 * g1) * s1
      if (!(Math.abs(g0) + Math.abs(g1) + Math.abs(h0) + Math.abs(h1) < 1e36)) break
      const r0 = f32x4.splat(<f32>s0)
      const r1 = f32x4.splat(<f32>s1)
      const e0 = f32x4.splat(<f32>(-m0 * s0))
      const e1 = f32x4.splat(<f32>(-m1 * s1))
      const a0 = f32x4.splat(centred ? <f32>((-s0 * g0) / centred) : 0)
      const a1 = f32x4.splat(centred ? <f32>((-s1 * g1) / centred) : 0)
      const b0 = f32x4.splat(scaled ? <f32>((-s0 * h0) / scaled) : 0)
      const b1 = f32x4.splat(scaled ? <f32>((-s1 * h1) / scaled) : 0)
      let to = partial
      g = gamma
      // The next two rows are fetched meanwhile, where the first-level cache has room for them.
      const ahead: usize = bytes <= 4096 && i + 3 < rows ? bytes << 1 : 0
      while (x < end) {
        touch(dx)
        touch(dx + bytes)
        touch(x + ahead)
        touch(x + ahead + bytes)
        touch(dy + ahead)
        touch(dy + ahead + bytes)
        for (const stop = x + 64; x < stop; x += 16) {
        const w = v128.load(g)
        const u0 = madd(v128.load(x), r0, e0)
        const u1 = madd(v128.load(x + bytes), r1, e1)
        const d0 = v128.load(dy)
        const d1 = v128.load(dy + bytes)
        v128.store(to, madd(d1, u1, madd(d0, u0, v128.load(to))))
        v128.store(to + bytes, f32x4.add(f32x4.add(d0, d1), v128.load(to + bytes)))
        v128.store(dx, madd(f32x4.mul(d0, w), r0, madd(u0, b0, a0)))
        v128.store(dx + bytes, madd(f32x4.mul(d1, w), r1, madd(u1, b1, a1)))
        dy += 16
        dx += 16
        g += 16
        to += 16
        }
      }
      x += bytes
      dy += bytes
      dx += bytes
      i += 2
      held += 2
    } else {
      // prettier-ignore
      if (!single(x, dy, dx, n, m0, v0, s0, gamma, centred, scaled, least, partial, partial + bytes)) break
      x += bytes
      dy += bytes
      dx += bytes
      i++
      held++
    }
    if (held >= HOLD || (last && i == rows)) {
      drain(partial, dgamma, n)
      drain(partial + bytes, dbeta, n)
      held = 0
    }
    if (i == rows) return true
  }
  held = 0
  return false
}
