/** Backward of blocks of columns: the formulas of rowsBack.ts, with sums down the columns. */
import { center, coefficients, faint, slope, shift } from './cell'
import { runsOf } from './columns'
import { addF64, drain, entry, f64At, madd, touch } from './simd'

const BLOCK = 64

/** shifts: the mean of each column's cell. False where float32 cannot. */
export function columnBackShifts(
  width: i32,
  centered: bool,
  cellAt: usize,
  means: usize,
  variances: usize,
  rstds: usize,
  shifts: usize,
): bool {
  for (let j = 0; j < width; j++) {
    const cell = entry(cellAt, j)
    const m = centered ? f64At(means, cell) : 0
    if (!coefficients(m, f64At(rstds, cell)) || faint(m, f64At(variances, cell))) return false
    store<f32>(shifts + ((<usize>j) << 2), shift)
  }
  return true
}

/** Adds to 16 columns the sums over `runs` runs. */
function sumStrip(x: usize, dy: usize, runs: i32, row: usize, shifts: usize, sums: usize): void {
  const dots = sums + row
  const k0 = v128.load(shifts)
  const k1 = v128.load(shifts, 16)
  const k2 = v128.load(shifts, 32)
  const k3 = v128.load(shifts, 48)
  let a0 = v128.load(sums)
  let a1 = v128.load(sums, 16)
  let a2 = v128.load(sums, 32)
  let a3 = v128.load(sums, 48)
  let b0 = v128.load(dots)
  let b1 = v128.load(dots, 16)
  let b2 = v128.load(dots, 32)
  let b3 = v128.load(dots, 48)
  for (; runs > 0; runs--) {
    const g0 = v128.load(dy)
    a0 = f32x4.add(a0, g0)
    b0 = madd(g0, f32x4.sub(v128.load(x), k0), b0)
    const g1 = v128.load(dy, 16)
    a1 = f32x4.add(a1, g1)
    b1 = madd(g1, f32x4.sub(v128.load(x, 16), k1), b1)
    const g2 = v128.load(dy, 32)
    a2 = f32x4.add(a2, g2)
    b2 = madd(g2, f32x4.sub(v128.load(x, 32), k2), b2)
    const g3 = v128.load(dy, 48)
    a3 = f32x4.add(a3, g3)
    b3 = madd(g3, f32x4.sub(v128.load(x, 48), k3), b3)
    x += row
    dy += row
  }
  v128.store(sums, a0)
  v128.store(sums, a1, 16)
  v128.store(sums, a2, 32)
  v128.store(sums, a3, 48)
  v128.store(dots, b0)
  v128.store(dots, b1, 16)
  v128.store(dots, b2, 32)
  v128.store(dots, b3, 48)
}

/** Adds to `totals`, for each column, dy and then dy (x - k). `exact`: see columnSums. */
export function columnBackSums(
  x: usize,
  dy: usize,
  depth: i32,
  width: i32,
  shifts: usize,
  sums: usize,
  totals: usize,
  exact: bool,
): void {
  const row = (<usize>width) << 2
  const whole: usize = exact ? 0 : (<usize>(width & ~3)) << 2
  const most = runsOf(row * 2, 8, BLOCK)
  for (let i = 0; i < depth;) {
    const stop = min(depth, i + BLOCK)
    memory.fill(sums, 0, row << 1)
    while (i < stop) {
      const runs = min(most, stop - i)
      let j: usize = 0
      for (; j + 64 <= whole; j += 64) sumStrip(x + j, dy + j, runs, row, shifts + j, sums + j)
      for (; j < whole; j += 16) {
        const k = v128.load(shifts + j)
        let a = v128.load(sums + j)
        let b = v128.load(sums + row + j)
        let p = x + j
        let q = dy + j
        for (let r = 0; r < runs; r++) {
          const g = v128.load(q)
          a = f32x4.add(a, g)
          b = madd(g, f32x4.sub(v128.load(p), k), b)
          p += row
          q += row
        }
        v128.store(sums + j, a)
        v128.store(sums + row + j, b)
      }
      for (; j < row; j += 4) {
        const k = <f64>load<f32>(shifts + j)
        const to = totals + (j << 1)
        for (let r: usize = 0; r < <usize>runs; r++) {
          const g = <f64>load<f32>(dy + j + row * r)
          store<f64>(to, load<f64>(to) + g)
          const d = <f64>load<f32>(x + j + row * r) - k
          store<f64>(to + (row << 1), load<f64>(to + (row << 1)) + g * d)
        }
      }
      x += row * runs
      dy += row * runs
      i += runs
    }
    if (!exact) drain(sums, totals, width << 1)
  }
}

/** Adds a block's totals to the sums of its cells and to the gradients of its parameters. False where float32 could not. */
export function columnBackTotals(
  width: i32,
  centered: bool,
  cellAt: usize,
  means: usize,
  rstds: usize,
  gamma: usize,
  paramAt: usize,
  totals: usize,
  cellSums: usize,
  cells: i32,
  dgamma: usize,
  dbeta: usize,
): bool {
  for (let j = 0; j < width; j++) {
    const cell = entry(cellAt, j)
    const at = paramAt ? entry(paramAt, j) : 0
    coefficients(centered ? f64At(means, cell) : 0, f64At(rstds, cell))
    const sum = f64At(totals, j)
    const dot = (f64At(totals, width + j) + sum * (<f64>shift - center)) * slope
    if (!(Math.abs(sum) < 1e36 && Math.abs(dot) < 1e36)) return false
    const g = <f64>load<f32>(gamma + ((<usize>at) << 2))
    addF64(cellSums, cell, g * sum)
    addF64(cellSums + ((<usize>cells) << 3), cell, g * dot)
    addF64(dgamma, at, dot)
    addF64(dbeta, at, sum)
  }
  return true
}

/** For each column k, g, q, t of dx = dy g + (x - k) q + t. See rowGradients. */
export function columnBackCoefficients(
  width: i32,
  centered: bool,
  cellAt: usize,
  means: usize,
  variances: usize,
  rstds: usize,
  gamma: usize,
  paramAt: usize,
  cellSums: usize,
  cells: i32,
  centred: f64,
  scaled: f64,
  least: f64,
  to: usize,
): void {
  const row = (<usize>width) << 2
  for (let j = 0; j < width; j++) {
    const cell = entry(cellAt, j)
    const at = paramAt ? (<usize>entry(paramAt, j)) << 2 : 0
    const r = f64At(rstds, cell)
    const m = centered ? f64At(means, cell) : 0
    coefficients(m, r)
    const a = centred ? (-r * f64At(cellSums, cell)) / centred : 0
    const scales = scaled != 0 && f64At(variances, cell) > least
    const q = scales ? (-r * r * f64At(cellSums + ((<usize>cells) << 3), cell)) / scaled : 0
    store<f32>(to, shift)
    store<f32>(to + row, <f32>(r * <f64>load<f32>(gamma + at)))
    store<f32>(to + row * 2, <f32>q)
    store<f32>(to + row * 3, <f32>(a + (<f64>shift - m) * q))
    to += 4
  }
}

/** dx = dy g + (x - k) q + t in 16 columns of `runs` runs. */
function pullStrip(x: usize, dy: usize, dx: usize, runs: i32, row: usize, from: usize): void {
  const second = from + row
  const third = second + row
  const fourth = third + row
  const k0 = v128.load(from)
  const k1 = v128.load(from, 16)
  const k2 = v128.load(from, 32)
  const k3 = v128.load(from, 48)
  const g0 = v128.load(second)
  const g1 = v128.load(second, 16)
  const g2 = v128.load(second, 32)
  const g3 = v128.load(second, 48)
  const q0 = v128.load(third)
  const q1 = v128.load(third, 16)
  const q2 = v128.load(third, 32)
  const q3 = v128.load(third, 48)
  // Twelve vectors in registers: four more would not fit.
  for (; runs > 0; runs--) {
    touch(dx)
    const d0 = madd(f32x4.sub(v128.load(x), k0), q0, v128.load(fourth))
    v128.store(dx, madd(v128.load(dy), g0, d0))
    const d1 = madd(f32x4.sub(v128.load(x, 16), k1), q1, v128.load(fourth, 16))
    v128.store(dx, madd(v128.load(dy, 16), g1, d1), 16)
    const d2 = madd(f32x4.sub(v128.load(x, 32), k2), q2, v128.load(fourth, 32))
    v128.store(dx, madd(v128.load(dy, 32), g2, d2), 32)
    const d3 = madd(f32x4.sub(v128.load(x, 48), k3), q3, v128.load(fourth, 48))
    v128.store(dx, madd(v128.load(dy, 48), g3, d3), 48)
    x += row
    dy += row
    dx += row
  }
}

/** dx = dy g + (x - k) q + t over `depth` runs. */
export function columnGradients(x: usize, dy: usize, dx: usize, depth: i32, width: i32, from: usize): void {
  const row = (<usize>width) << 2
  const most = runsOf(row * 2, 4, 16)
  while (depth > 0) {
    const runs = min(most, depth)
    const end = row * runs
    let j: usize = 0
    for (; j + 64 <= row; j += 64) pullStrip(x + j, dy + j, dx + j, runs, row, from + j)
    for (; j + 16 <= row; j += 16) {
      const k = v128.load(from + j)
      const g = v128.load(from + row + j)
      const q = v128.load(from + row * 2 + j)
      const t = v128.load(from + row * 3 + j)
      for (let i = j; i < end; i += row) {
        const d = madd(f32x4.sub(v128.load(x + i), k), q, t)
        v128.store(dx + i, madd(v128.load(dy + i), g, d))
      }
    }
    for (; j < row; j += 4) {
      const k = load<f32>(from + j)
      const g = load<f32>(from + row + j)
      const q = load<f32>(from + row * 2 + j)
      const t = load<f32>(from + row * 3 + j)
      for (let i = j; i < end; i += row)
        store<f32>(dx + i, load<f32>(dy + i) * g + ((load<f32>(x + i) - k) * q + t))
    }
    x += end
    dy += end
    dx += end
    depth -= runs
  }
}
