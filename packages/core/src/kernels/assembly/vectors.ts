/** Forward of rows that are cells, with gamma and beta along them: LayerNorm and RMSNorm over the last axes. */
import { affine } from './affine'
import { factorOf, floorOf, L2, NONE, RMS } from './cell'
import { mean, moments, variance } from './moments'
import { laneSums, madd, putF64, touch, zero } from './simd'

/** Elements of a row that float32 sums take in before they go to float64: 32 a lane. */
const BLOCK = 256

/** One row, for any scale and of any length, with a shift or in float64 where it needs that. */
function single(
  x: usize,
  y: usize,
  n: i32,
  centered: bool,
  centers: bool,
  scale: i32,
  epsilon: f64,
  means: usize,
  variances: usize,
  rstds: usize,
  gamma: usize,
  beta: usize,
): void {
  moments(x, n, centers, floorOf(scale, epsilon, <f64>n))
  const v = scale == NONE ? 0 : scale == L2 ? variance * n : variance
  const r = factorOf(scale, v, epsilon)
  putF64(means, 0, mean)
  putF64(variances, 0, v)
  putF64(rstds, 0, r)
  affine(x, y, n, centered ? mean : 0, v, r, gamma, beta)
}

/**
 * y, mean, biased variance (mean square for rms, sum of squares for l2) and rstd of each row. Two rows at a time: one root
 * serves both, one load of gamma and beta, and memory is asked for the one while the other is summed. No row's result
 * depends on the one beside it.
 */
export function vectorForward(
  x: usize,
  y: usize,
  rows: i32,
  n: i32,
  centered: bool,
  centers: bool,
  scale: i32,
  epsilon: f64,
  means: usize,
  variances: usize,
  rstds: usize,
  gamma: usize,
  beta: usize,
): void {
  const bytes = (<usize>n) << 2
  const share = f64x2.splat(1 / <f64>n)
  const plain = (n & 15) == 0 && scale <= RMS
  // Where the last row was not plain this one may not be either: by itself, then, as the last of an odd number.
  let wary = false
  for (let i = 0; i < rows;) {
    const far: usize = wary || i + 1 == rows ? 0 : bytes
    const end = x + bytes
    let total = f64x2.splat(0)
    let squares = f64x2.splat(0)
    if (plain)
      for (let p = x; p < end;) {
        const stop = min(end, p + (BLOCK << 2))
        let a0 = zero()
        let a1 = zero()
        let b0 = zero()
        let b1 = zero()
        let c0 = zero()
        let c1 = zero()
        let d0 = zero()
        let d1 = zero()
        for (; p < stop; p += 32) {
          const u0 = v128.load(p)
          const u1 = v128.load(p, 16)
          const v0 = v128.load(p + far)
          const v1 = v128.load(p + far, 16)
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
    const m = centers ? f64x2.mul(total, share) : f64x2.splat(0)
    const power = f64x2.mul(m, m)
    const v = f64x2.sub(f64x2.mul(squares, share), power)
    const r = f64x2.div(f64x2.splat(1), f64x2.sqrt(f64x2.add(v, f64x2.splat(epsilon))))
    // No shift is needed, and float32 multiplies with r; where sums overflowed that is 0, or NaN.
    const fit = v128.and(f64x2.gt(r, f64x2.splat(1e-15)), f64x2.lt(r, f64x2.splat(1e15)))
    const safe = v128.and(f64x2.le(power, v), fit)
    if (plain && i64x2.bitmask(safe) == 3) {
      wary = false
      const at = (<usize>i) << 3
      v128.store_lane<i64>(means + at, m, 0)
      v128.store_lane<i64>(variances + at, v, 0)
      v128.store_lane<i64>(rstds + at, r, 0)
      i++
      if (far) {
        v128.store_lane<i64>(means + at, m, 1, 8)
        v128.store_lane<i64>(variances + at, v, 1, 8)
        v128.store_lane<i64>(rstds + at, r, 1, 8)
        i++
      }
      const rr = f32x4.demote_f64x2_zero(r)
      const ee = centered ? f32x4.demote_f64x2_zero(f64x2.mul(f64x2.neg(m), r)) : zero()
      const r0 = v128.shuffle<i32>(rr, rr, 0, 0, 0, 0)
      const r1 = v128.shuffle<i32>(rr, rr, 1, 1, 1, 1)
      const e0 = v128.shuffle<i32>(ee, ee, 0, 0, 0, 0)
      const e1 = v128.shuffle<i32>(ee, ee, 1, 1, 1, 1)
      let g = gamma
      let b = beta
      for (; x < end; x += 32) {
        touch(y)
        touch(y + far)
        const g0 = v128.load(g)
        const g1 = v128.load(g, 16)
        const b0 = v128.load(b)
        const b1 = v128.load(b, 16)
        v128.store(y, madd(madd(v128.load(x), r0, e0), g0, b0))
        v128.store(y, madd(madd(v128.load(x, 16), r0, e0), g1, b1), 16)
        v128.store(y + far, madd(madd(v128.load(x + far), r1, e1), g0, b0))
        v128.store(y + far, madd(madd(v128.load(x + far, 16), r1, e1), g1, b1), 16)
        y += 32
        g += 32
        b += 32
      }
      x += far
      y += far
    } else {
      if (!plain || wary || !far) {
        const at = (<usize>i) << 3
        // prettier-ignore
        single(x, y, n, centered, centers, scale, epsilon, means + at, variances + at, rstds + at, gamma, beta)
        i++
        x = end
        y += bytes
      }
      wary = true
    }
  }
}
