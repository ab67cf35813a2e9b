/**
 * Blocks of `depth` runs of `width` elements, whose columns each belong to one cell. Sums stand in float32 for BLOCK runs at
 * most, `sums` (two of `width`), and then go to float64, `totals` (two of `width`).
 */
import { coefficients, fits, shift } from './cell'
import { trusted } from './moments'
import { addF64, drain, entry, f64At, madd, putF64 } from './simd'

const BLOCK = 64

/** shifts: the mean of a block's first runs in each column. */
export function columnShifts(x: usize, runs: i32, width: i32, shifts: usize): void {
  const row = (<usize>width) << 2
  for (let j = 0; j < width; j++) {
    const first = load<f32>(x + ((<usize>j) << 2))
    let sum: f32 = 0
    let p = x + ((<usize>j) << 2)
    for (let i = 0; i < runs; i++, p += row) sum += load<f32>(p) - first
    store<f32>(shifts + ((<usize>j) << 2), first + sum / <f32>runs)
  }
}

/** Adds to one vector of columns the sums over up to 8 runs. */
function sumVector(x: usize, runs: i32, row: usize, k: v128, sums: usize, squares: usize): void {
  let a = v128.load(sums)
  let b = v128.load(squares)
  if (runs == 8) {
    let p = x
    const d0 = f32x4.sub(v128.load(p), k)
    p += row
    const d1 = f32x4.sub(v128.load(p), k)
    p += row
    const d2 = f32x4.sub(v128.load(p), k)
    p += row
    const d3 = f32x4.sub(v128.load(p), k)
    p += row
    const d4 = f32x4.sub(v128.load(p), k)
    p += row
    const d5 = f32x4.sub(v128.load(p), k)
    p += row
    const d6 = f32x4.sub(v128.load(p), k)
    p += row
    const d7 = f32x4.sub(v128.load(p), k)
    const low = f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3))
    a = f32x4.add(a, f32x4.add(low, f32x4.add(f32x4.add(d4, d5), f32x4.add(d6, d7))))
    const even = madd(d6, d6, madd(d4, d4, madd(d2, d2, f32x4.mul(d0, d0))))
    const odd = madd(d7, d7, madd(d5, d5, madd(d3, d3, f32x4.mul(d1, d1))))
    b = f32x4.add(b, f32x4.add(even, odd))
  } else
    for (let i = 0; i < runs; i++) {
      const d = f32x4.sub(v128.load(x), k)
      a = f32x4.add(a, d)
      b = madd(d, d, b)
      x += row
    }
  v128.store(sums, a)
  v128.store(squares, b)
}

/**
 * Adds the shifted sums and sums of squares of `depth` runs to `totals`. `exact`: in float64, for columns so short that
 * their gradient is what cancellation leaves.
 */
export function columnSums(
  x: usize,
  depth: i32,
  width: i32,
  shifts: usize,
  sums: usize,
  totals: usize,
  exact: bool,
): void {
  if (exact) {
    for (let i = 0; i < depth; i++)
      for (let j = 0; j < width; j++, x += 4) {
        const d = <f64>load<f32>(x) - <f64>load<f32>(shifts + ((<usize>j) << 2))
        addF64(totals, j, d)
        addF64(totals, width + j, d * d)
      }
    return
  }
  const row = (<usize>width) << 2
  const whole = (<usize>(width & ~3)) << 2
  for (let i = 0; i < depth;) {
    const stop = min(depth, i + BLOCK)
    memory.fill(sums, 0, row << 1)
    while (i < stop) {
      const runs = min(8, stop - i)
      let j: usize = 0
      for (; j < whole; j += 16) sumVector(x + j, runs, row, v128.load(shifts + j), sums + j, sums + row + j)
      for (; j < row; j += 4) {
        const k = load<f32>(shifts + j)
        let p = x + j
        let a = load<f32>(sums + j)
        let b = load<f32>(sums + row + j)
        for (let r = 0; r < runs; r++, p += row) {
          const d = load<f32>(p) - k
          a += d
          b += d * d
        }
        store<f32>(sums + j, a)
        store<f32>(sums + row + j, b)
      }
      x += row * runs
      i += runs
    }
    drain(sums, totals, width << 1)
  }
}

/** Means and variances from totals over `depth` runs, and better shifts. 0: good; 1: some shift was bad; 2: see `trusted`. */
export function columnMoments(
  depth: f64,
  width: i32,
  centers: bool,
  floor: f64,
  shifts: usize,
  totals: usize,
  means: usize,
  variances: usize,
): i32 {
  let state = 0
  for (let j = 0; j < width; j++) {
    const k = shifts + ((<usize>j) << 2)
    const d = centers ? f64At(totals, j) / depth : 0
    const v = f64At(totals, width + j) / depth - d * d
    const m = <f64>load<f32>(k) + d
    putF64(means, j, m)
    putF64(variances, j, max(v, 0))
    if (!(d * d <= v)) {
      state = max(state, 1)
      store<f32>(k, <f32>m)
    }
    if (!trusted(v, floor)) state = 2
  }
  return state
}

/** For each column k, a, b of y = (x - k) a + b. False where float32 cannot. */
export function columnCoefficients(
  width: i32,
  center: bool,
  cellAt: usize,
  means: usize,
  rstds: usize,
  gamma: usize,
  beta: usize,
  paramAt: usize,
  to: usize,
): bool {
  const row = (<usize>width) << 2
  for (let j = 0; j < width; j++) {
    const cell = entry(cellAt, j)
    const at = paramAt ? (<usize>entry(paramAt, j)) << 2 : 0
    const m = center ? f64At(means, cell) : 0
    const r = f64At(rstds, cell)
    const easy = coefficients(m, r)
    const a = r * <f64>load<f32>(gamma + at)
    if (!easy || !(a == 0 || fits(a))) return false
    store<f32>(to, shift)
    store<f32>(to + row, <f32>a)
    store<f32>(to + row * 2, <f32>((<f64>shift - m) * a + <f64>load<f32>(beta + at)))
    to += 4
  }
  return true
}

/** y = (x - k) a + b over `depth` runs. */
export function columnNormalize(x: usize, y: usize, depth: i32, width: i32, from: usize): void {
  const row = (<usize>width) << 2
  const whole = (<usize>(width & ~3)) << 2
  for (let i = 0; i < depth;) {
    const runs = min(4, depth - i)
    let j: usize = 0
    if (runs == 4)
      for (; j + 16 < whole; j += 32) {
        const k0 = v128.load(from + j)
        const k1 = v128.load(from + j, 16)
        const a0 = v128.load(from + row + j)
        const a1 = v128.load(from + row + j, 16)
        const b0 = v128.load(from + row * 2 + j)
        const b1 = v128.load(from + row * 2 + j, 16)
        let p = x + j
        let q = y + j
        v128.store(q, madd(f32x4.sub(v128.load(p), k0), a0, b0))
        v128.store(q, madd(f32x4.sub(v128.load(p, 16), k1), a1, b1), 16)
        p += row
        q += row
        v128.store(q, madd(f32x4.sub(v128.load(p), k0), a0, b0))
        v128.store(q, madd(f32x4.sub(v128.load(p, 16), k1), a1, b1), 16)
        p += row
        q += row
        v128.store(q, madd(f32x4.sub(v128.load(p), k0), a0, b0))
        v128.store(q, madd(f32x4.sub(v128.load(p, 16), k1), a1, b1), 16)
        p += row
        q += row
        v128.store(q, madd(f32x4.sub(v128.load(p), k0), a0, b0))
        v128.store(q, madd(f32x4.sub(v128.load(p, 16), k1), a1, b1), 16)
      }
    for (; j < whole; j += 16) {
      const k = v128.load(from + j)
      const a = v128.load(from + row + j)
      const b = v128.load(from + row * 2 + j)
      for (let r: usize = 0; r < <usize>runs; r++)
        v128.store(y + j + row * r, madd(f32x4.sub(v128.load(x + j + row * r), k), a, b))
    }
    for (; j < row; j += 4) {
      const k = load<f32>(from + j)
      const a = load<f32>(from + row + j)
      const b = load<f32>(from + row * 2 + j)
      for (let r: usize = 0; r < <usize>runs; r++)
        store<f32>(y + j + row * r, (load<f32>(x + j + row * r) - k) * a + b)
    }
    x += row * runs
    y += row * runs
    i += runs
  }
}
