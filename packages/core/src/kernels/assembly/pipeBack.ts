/** One row of dx while the next is read from memory and summed: see pipe.ts. Neither needs a shift. */
import { coefficients, near } from './cell'
import { enter, f64At, lanes, madd, putF64, touch, zero } from './simd'

/** True where the rows of the two cells at `means` may go this way. */
export function bothNear(means: usize, variances: usize, rstds: usize): bool {
  for (let i = 0; i < 2; i++)
    if (!near(means, variances, i) || !coefficients(f64At(means, i), f64At(rstds, i))) return false
  return true
}

/**
 * dx = r (dy gamma) + b u + a with u = x r + e, dgamma += dy u and dbeta += dy, over the row of n elements, a multiple
 * of 16, whose sums stand in `cellSums`; and the sums of the row after it. False where float32 sums overflowed.
 */
export function pipeRow(
  x: usize,
  dy: usize,
  dx: usize,
  n: i32,
  means: usize,
  rstds: usize,
  gamma: usize,
  cellSums: usize,
  cells: i32,
  centred: f64,
  scaled: f64,
  dgamma: usize,
  dbeta: usize,
  ahead: usize,
): bool {
  const dots = cellSums + ((<usize>cells) << 3)
  const rstd = f64At(rstds, 0)
  const r = f32x4.splat(<f32>rstd)
  const e = f32x4.splat(<f32>(-f64At(means, 0) * rstd))
  const a = f32x4.splat(centred ? <f32>((-rstd * f64At(cellSums, 0)) / centred) : 0)
  const b = f32x4.splat(scaled ? <f32>((-rstd * f64At(dots, 0)) / scaled) : 0)
  const row = (<usize>n) << 2
  const end = x + row
  let next = end
  let up = dy + row
  let p0 = zero()
  let p1 = zero()
  let q0 = zero()
  let q1 = zero()
  while (x < end) {
    enter(next, ahead)
    enter(up, ahead)
    enter(dx, ahead)
    touch(dx)
    const w0 = v128.load(gamma)
    const g0 = f32x4.mul(v128.load(up), w0)
    p0 = f32x4.add(p0, g0)
    q0 = madd(g0, v128.load(next), q0)
    const u0 = madd(v128.load(x), r, e)
    const d0 = v128.load(dy)
    v128.store(dgamma, madd(d0, u0, v128.load(dgamma)))
    v128.store(dbeta, f32x4.add(d0, v128.load(dbeta)))
    v128.store(dx, madd(f32x4.mul(d0, w0), r, madd(u0, b, a)))
    const w1 = v128.load(gamma, 16)
    const g1 = f32x4.mul(v128.load(up, 16), w1)
    p1 = f32x4.add(p1, g1)
    q1 = madd(g1, v128.load(next, 16), q1)
    const u1 = madd(v128.load(x, 16), r, e)
    const d1 = v128.load(dy, 16)
    v128.store(dgamma, madd(d1, u1, v128.load(dgamma, 16)), 16)
    v128.store(dbeta, f32x4.add(d1, v128.load(dbeta, 16)), 16)
    v128.store(dx, madd(f32x4.mul(d1, w1), r, madd(u1, b, a)), 16)
    const w2 = v128.load(gamma, 32)
    const g2 = f32x4.mul(v128.load(up, 32), w2)
    p0 = f32x4.add(p0, g2)
    q0 = madd(g2, v128.load(next, 32), q0)
    const u2 = madd(v128.load(x, 32), r, e)
    const d2 = v128.load(dy, 32)
    v128.store(dgamma, madd(d2, u2, v128.load(dgamma, 32)), 32)
    v128.store(dbeta, f32x4.add(d2, v128.load(dbeta, 32)), 32)
    v128.store(dx, madd(f32x4.mul(d2, w2), r, madd(u2, b, a)), 32)
    const w3 = v128.load(gamma, 48)
    const g3 = f32x4.mul(v128.load(up, 48), w3)
    p1 = f32x4.add(p1, g3)
    q1 = madd(g3, v128.load(next, 48), q1)
    const u3 = madd(v128.load(x, 48), r, e)
    const d3 = v128.load(dy, 48)
    v128.store(dgamma, madd(d3, u3, v128.load(dgamma, 48)), 48)
    v128.store(dbeta, f32x4.add(d3, v128.load(dbeta, 48)), 48)
    v128.store(dx, madd(f32x4.mul(d3, w3), r, madd(u3, b, a)), 48)
    x += 64
    dy += 64
    dx += 64
    gamma += 64
    dgamma += 64
    dbeta += 64
    next += 64
    up += 64
  }
  const g = lanes(f32x4.add(p0, p1))
  const h = lanes(f32x4.add(q0, q1))
  putF64(cellSums, 1, g)
  putF64(dots, 1, (h - f64At(means, 1) * g) * f64At(rstds, 1))
  return Math.abs(g) + Math.abs(h) < 1e36
}
