/**
 * Blocks of `depth` runs of `width` elements, whose columns each belong to one cell. Sums stand in float32 for BLOCK runs at
 * most, `sums` (two of `width`), and then go to float64, `totals` (two of `width`).
 */
import { coefficients, fits, shift } from './cell'
import { trusted } from './moments'
import { addF64, drain, entry, f64At, madd, putF64, touch, zero } from './simd'

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

/** Adds to 16 columns the sums over a few runs: an outlier costs the digits of those alone. */
function sumStrip(x: usize, runs: i32, row: usize, shifts: usize, sums: usize): void {
  const squares = sums + row
  const k0 = v128.load(shifts)
  const k1 = v128.load(shifts, 16)
  const k2 = v128.load(shifts, 32)
  const k3 = v128.load(shifts, 48)
  let a0 = zero()
  let a1 = zero()
  let a2 = zero()
  let a3 = zero()
  let b0 = zero()
  let b1 = zero()
  let b2 = zero()
  let b3 = zero()
  for (; runs > 0; runs--) {
    const d0 = f32x4.sub(v128.load(x), k0)
    a0 = f32x4.add(a0, d0)
    b0 = madd(d0, d0, b0)
    const d1 = f32x4.sub(v128.load(x, 16), k1)
    a1 = f32x4.add(a1, d1)
    b1 = madd(d1, d1, b1)
    const d2 = f32x4.sub(v128.load(x, 32), k2)
    a2 = f32x4.add(a2, d2)
    b2 = madd(d2, d2, b2)
    const d3 = f32x4.sub(v128.load(x, 48), k3)
    a3 = f32x4.add(a3, d3)
    b3 = madd(d3, d3, b3)
    x += row
  }
  v128.store(sums, f32x4.add(v128.load(sums), a0))
  v128.store(sums, f32x4.add(v128.load(sums, 16), a1), 16)
  v128.store(sums, f32x4.add(v128.load(sums, 32), a2), 32)
  v128.store(sums, f32x4.add(v128.load(sums, 48), a3), 48)
  v128.store(squares, f32x4.add(v128.load(squares), b0))
  v128.store(squares, f32x4.add(v128.load(squares, 16), b1), 16)
  v128.store(squares, f32x4.add(v128.load(squares, 32), b2), 32)
  v128.store(squares, f32x4.add(v128.load(squares, 48), b3), 48)
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
  for (let i = 0; i < depth;) {
    const stop = min(depth, i + BLOCK)
    memory.fill(sums, 0, row << 1)
    while (i < stop) {
      const runs = min(8, stop - i)
      let j: usize = 0
      for (; j + 64 <= row; j += 64) sumStrip(x + j, runs, row, shifts + j, sums + j)
      for (; j + 16 <= row; j += 16) {
        const k = v128.load(shifts + j)
        let p = x + j
        let a = zero()
        let b = zero()
        for (let r = 0; r < runs; r++, p += row) {
          const d = f32x4.sub(v128.load(p), k)
          a = f32x4.add(a, d)
          b = madd(d, d, b)
        }
        v128.store(sums + j, f32x4.add(v128.load(sums + j), a))
        v128.store(sums + row + j, f32x4.add(v128.load(sums + row + j), b))
      }
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

/** y = (x - k) a + b in 16 columns of `runs` runs. */
function normalizeStrip(x: usize, y: usize, runs: i32, row: usize, from: usize): void {
  const second = from + row
  const third = second + row
  const k0 = v128.load(from)
  const k1 = v128.load(from, 16)
  const k2 = v128.load(from, 32)
  const k3 = v128.load(from, 48)
  const a0 = v128.load(second)
  const a1 = v128.load(second, 16)
  const a2 = v128.load(second, 32)
  const a3 = v128.load(second, 48)
  const b0 = v128.load(third)
  const b1 = v128.load(third, 16)
  const b2 = v128.load(third, 32)
  const b3 = v128.load(third, 48)
  for (; runs > 0; runs--) {
    touch(y)
    v128.store(y, madd(f32x4.sub(v128.load(x), k0), a0, b0))
    v128.store(y, madd(f32x4.sub(v128.load(x, 16), k1), a1, b1), 16)
    v128.store(y, madd(f32x4.sub(v128.load(x, 32), k2), a2, b2), 32)
    v128.store(y, madd(f32x4.sub(v128.load(x, 48), k3), a3, b3), 48)
    x += row
    y += row
  }
}

/** y = (x - k) a + b over `depth` runs. */
export function columnNormalize(x: usize, y: usize, depth: i32, width: i32, from: usize): void {
  const row = (<usize>width) << 2
  // So few that all their lines stay in the first-level cache.
  const most = max(4, min(16, <i32>(16384 / row)))
  while (depth > 0) {
    const runs = min(most, depth)
    const end = row * runs
    let j: usize = 0
    for (; j + 64 <= row; j += 64) normalizeStrip(x + j, y + j, runs, row, from + j)
    for (; j + 16 <= row; j += 16) {
      const k = v128.load(from + j)
      const a = v128.load(from + row + j)
      const b = v128.load(from + row * 2 + j)
      for (let i = j; i < end; i += row) v128.store(y + i, madd(f32x4.sub(v128.load(x + i), k), a, b))
    }
    for (; j < row; j += 4) {
      const k = load<f32>(from + j)
      const a = load<f32>(from + row + j)
      const b = load<f32>(from + row * 2 + j)
      for (let i = j; i < end; i += row) store<f32>(y + i, (load<f32>(x + i) - k) * a + b)
    }
    x += end
    y += end
    depth -= runs
  }
}
