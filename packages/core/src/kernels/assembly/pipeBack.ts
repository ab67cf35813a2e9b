/** Two rows of dx while the next two are read from memory and summed: see pipe.ts. None of the four needs a shift. */
import { coefficients, near } from './cell'
import { f64At, lanes, madd, putF64, zero } from './simd'

/** Of the two rows: r, e, a, b of dx = r (dy gamma) + b u + a, where u = x r + e. */
let r0: f32 = 0
let e0: f32 = 0
let a0: f32 = 0
let b0: f32 = 0
let r1: f32 = 0
let e1: f32 = 0
let a1: f32 = 0
let b1: f32 = 0
/** Of the next two: sums of g and of g x. */
let g0: f64 = 0
let h0: f64 = 0
let g1: f64 = 0
let h1: f64 = 0

function run(x: usize, dy: usize, dx: usize, n: i32, gamma: usize, dgamma: usize, dbeta: usize): void {
  const ra = f32x4.splat(r0)
  const ea = f32x4.splat(e0)
  const aa = f32x4.splat(a0)
  const ba = f32x4.splat(b0)
  const rb = f32x4.splat(r1)
  const eb = f32x4.splat(e1)
  const ab = f32x4.splat(a1)
  const bb = f32x4.splat(b1)
  let p = zero()
  let q = zero()
  let s = zero()
  let t = zero()
  const row = (<usize>n) << 2
  for (const end = gamma + row; gamma < end; gamma += 16) {
    const w = v128.load(gamma)
    const ua = madd(v128.load(x), ra, ea)
    const da = v128.load(dy)
    v128.store(dx, madd(f32x4.mul(da, w), ra, madd(ua, ba, aa)))
    let at = x + row
    let up = dy + row
    const ub = madd(v128.load(at), rb, eb)
    const db = v128.load(up)
    v128.store(dx + row, madd(f32x4.mul(db, w), rb, madd(ub, bb, ab)))
    v128.store(dgamma, madd(db, ub, madd(da, ua, v128.load(dgamma))))
    v128.store(dbeta, f32x4.add(f32x4.add(da, db), v128.load(dbeta)))
    at += row
    up += row
    const ga = f32x4.mul(v128.load(up), w)
    p = f32x4.add(p, ga)
    q = madd(ga, v128.load(at), q)
    const gb = f32x4.mul(v128.load(up + row), w)
    s = f32x4.add(s, gb)
    t = madd(gb, v128.load(at + row), t)
    x += 16
    dy += 16
    dx += 16
    dgamma += 16
    dbeta += 16
  }
  g0 = lanes(p)
  h0 = lanes(q)
  g1 = lanes(s)
  h1 = lanes(t)
}

/** True where the rows of the four cells at `means` may go this way. */
export function fourNear(means: usize, variances: usize, rstds: usize): bool {
  for (let i = 0; i < 4; i++)
    if (!near(means, variances, i) || !coefficients(f64At(means, i), f64At(rstds, i))) return false
  return true
}

/**
 * dx of the two rows whose sums stand in `cellSums`, and the sums of the two after them. False where float32 sums
 * overflowed.
 */
export function pipePair(
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
): bool {
  const dots = cellSums + ((<usize>cells) << 3)
  const c = centred ? 1 / centred : 0
  const d = scaled ? 1 / scaled : 0
  r0 = <f32>f64At(rstds, 0)
  e0 = <f32>(-f64At(means, 0) * f64At(rstds, 0))
  a0 = <f32>(-f64At(rstds, 0) * f64At(cellSums, 0) * c)
  b0 = <f32>(-f64At(rstds, 0) * f64At(dots, 0) * d)
  r1 = <f32>f64At(rstds, 1)
  e1 = <f32>(-f64At(means, 1) * f64At(rstds, 1))
  a1 = <f32>(-f64At(rstds, 1) * f64At(cellSums, 1) * c)
  b1 = <f32>(-f64At(rstds, 1) * f64At(dots, 1) * d)
  run(x, dy, dx, n, gamma, dgamma, dbeta)
  putF64(cellSums, 2, g0)
  putF64(dots, 2, (h0 - f64At(means, 2) * g0) * f64At(rstds, 2))
  putF64(cellSums, 3, g1)
  putF64(dots, 3, (h1 - f64At(means, 3) * g1) * f64At(rstds, 3))
  return Math.abs(h0) + Math.abs(h1) + Math.abs(g0) + Math.abs(g1) < 1e36
}
