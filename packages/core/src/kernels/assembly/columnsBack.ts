/** Backward of blocks of columns: the formulas of rowsBack.ts, with sums down the columns. */
import { center, coefficients, factor, faint, rest, slope, shift } from './cell'
import { addF64, drain, entry, f64At, madd } from './simd'

const BLOCK = 64

/** For each column k, the mean of its cell, and a, b of xhat = (x - k) a + b. False where float32 cannot. */
export function columnBackShifts(
  width: i32,
  centered: bool,
  cellAt: usize,
  means: usize,
  variances: usize,
  rstds: usize,
  shifts: usize,
): bool {
  const row = (<usize>width) << 2
  for (let j = 0; j < width; j++) {
    const cell = entry(cellAt, j)
    const m = centered ? f64At(means, cell) : 0
    if (!coefficients(m, f64At(rstds, cell)) || faint(m, f64At(variances, cell))) return false
    store<f32>(shifts, shift)
    store<f32>(shifts + row, factor)
    store<f32>(shifts + row * 2, rest)
    shifts += 4
  }
  return true
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
  for (let i = 0; i < depth;) {
    const stop = min(depth, i + BLOCK)
    memory.fill(sums, 0, row << 1)
    while (i < stop) {
      const runs = min(4, stop - i)
      let j: usize = 0
      for (; j < whole; j += 16) {
        const k = v128.load(shifts + j)
        let a = v128.load(sums + j)
        let b = v128.load(sums + row + j)
        let p = x + j
        let q = dy + j
        if (runs == 4) {
          const g0 = v128.load(q)
          const g1 = v128.load(q + row)
          b = madd(g0, f32x4.sub(v128.load(p), k), b)
          b = madd(g1, f32x4.sub(v128.load(p + row), k), b)
          p += row << 1
          q += row << 1
          const g2 = v128.load(q)
          const g3 = v128.load(q + row)
          b = madd(g2, f32x4.sub(v128.load(p), k), b)
          b = madd(g3, f32x4.sub(v128.load(p + row), k), b)
          a = f32x4.add(a, f32x4.add(f32x4.add(g0, g1), f32x4.add(g2, g3)))
        } else
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

/** dx = dy g + (x - k) q + t over `depth` runs. */
export function columnGradients(x: usize, dy: usize, dx: usize, depth: i32, width: i32, from: usize): void {
  const row = (<usize>width) << 2
  const whole = (<usize>(width & ~3)) << 2
  for (let i = 0; i < depth;) {
    const runs = <usize>min(4, depth - i)
    let j: usize = 0
    for (; j < whole; j += 16) {
      const k = v128.load(from + j)
      const g = v128.load(from + row + j)
      const q = v128.load(from + row * 2 + j)
      const t = v128.load(from + row * 3 + j)
      let at = j
      if (runs == 4) {
        const at1 = j + row
        const at2 = at1 + row
        const at3 = at2 + row
        const d0 = madd(f32x4.sub(v128.load(x + j), k), q, t)
        const d1 = madd(f32x4.sub(v128.load(x + at1), k), q, t)
        const d2 = madd(f32x4.sub(v128.load(x + at2), k), q, t)
        const d3 = madd(f32x4.sub(v128.load(x + at3), k), q, t)
        v128.store(dx + j, madd(v128.load(dy + j), g, d0))
        v128.store(dx + at1, madd(v128.load(dy + at1), g, d1))
        v128.store(dx + at2, madd(v128.load(dy + at2), g, d2))
        v128.store(dx + at3, madd(v128.load(dy + at3), g, d3))
      } else
        for (let r: usize = 0; r < runs; r++) {
          const d = f32x4.sub(v128.load(x + at), k)
          v128.store(dx + at, madd(v128.load(dy + at), g, madd(d, q, t)))
          at += row
        }
    }
    for (; j < row; j += 4) {
      const k = load<f32>(from + j)
      const g = load<f32>(from + row + j)
      const q = load<f32>(from + row * 2 + j)
      const t = load<f32>(from + row * 3 + j)
      let at = j
      for (let r: usize = 0; r < runs; r++) {
        store<f32>(dx + at, load<f32>(dy + at) * g + ((load<f32>(x + at) - k) * q + t))
        at += row
      }
    }
    x += row * runs
    dy += row * runs
    dx += row * runs
    i += <i32>runs
  }
}
