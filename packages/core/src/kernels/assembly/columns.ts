/**
 * Blocks of `depth` runs of `width` elements, whose columns each belong to one cell: their sums, and what is made from them.
 * The loops take vectors of columns at a time, then one column at a time.
 */
import { coefficients, faint, fits, floorOf, shift } from './cell'
import { trusted } from './moments'
import { draw } from './run'
import { addF64, drain, entry, f64At, get, madd, put, putF64, touch, zero } from './simd'

/** Runs whose float32 sums begin at zero: an outlier costs the digits of those alone. */
const FEW = 16
/** Runs whose sums stand in float32, a multiple of FEW. */
const BLOCK = 64

function addTo(sums: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(sums, f32x4.add(a, v128.load(sums)))
  v128.store(sums, f32x4.add(b, v128.load(sums, 16)), 16)
  v128.store(sums, f32x4.add(c, v128.load(sums, 32)), 32)
  v128.store(sums, f32x4.add(d, v128.load(sums, 48)), 48)
}

/**
 * Adds to the sums of 16 columns, a line of cache: see `columnSums`. U is float32 where there is a u, else void: a third
 * faster.
 */
function addStrip<U>(x: usize, u: usize, runs: i32, row: usize, shifts: usize, sums: usize): void {
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
    let d = f32x4.sub(v128.load(x), k0)
    let e = isVoid<U>() ? d : v128.load(u)
    a0 = f32x4.add(a0, e)
    b0 = madd(e, d, b0)
    d = f32x4.sub(v128.load(x, 16), k1)
    e = isVoid<U>() ? d : v128.load(u, 16)
    a1 = f32x4.add(a1, e)
    b1 = madd(e, d, b1)
    d = f32x4.sub(v128.load(x, 32), k2)
    e = isVoid<U>() ? d : v128.load(u, 32)
    a2 = f32x4.add(a2, e)
    b2 = madd(e, d, b2)
    d = f32x4.sub(v128.load(x, 48), k3)
    e = isVoid<U>() ? d : v128.load(u, 48)
    a3 = f32x4.add(a3, e)
    b3 = madd(e, d, b3)
    x += row
    if (!isVoid<U>()) u += row
  }
  addTo(sums, a0, a1, a2, a3)
  addTo(sums + row, b0, b1, b2, b3)
}

/** The same of four columns, with a u or without. */
function addFour(x: usize, u: usize, runs: i32, row: usize, shifts: usize, sums: usize): void {
  const k = v128.load(shifts)
  let a = zero()
  let b = zero()
  for (; runs > 0; runs--) {
    const d = f32x4.sub(v128.load(x), k)
    let e = d
    if (u) {
      e = v128.load(u)
      u += row
    }
    a = f32x4.add(a, e)
    b = madd(e, d, b)
    x += row
  }
  v128.store(sums, f32x4.add(a, v128.load(sums)))
  sums += row
  v128.store(sums, f32x4.add(b, v128.load(sums)))
}

/**
 * Adds to `totals` (float64, two of `width`), for each column, d = x - k and d d; where there is a u, u and u d.
 * @param sums scratch, two of `width`.
 * @param exact in float64: for columns so short that their gradient is what cancellation leaves.
 */
export function columnSums(
  x: usize,
  u: usize,
  depth: i32,
  width: i32,
  shifts: usize,
  sums: usize,
  totals: usize,
  exact: bool,
): void {
  const row = (<usize>width) << 2
  memory.fill(sums, 0, row << 1)
  for (let i = 0; i < depth;) {
    const runs = min(FEW, depth - i)
    let j: usize = 0
    if (!exact) {
      for (; j + 64 <= row; j += 64)
        if (u) addStrip<f32>(x + j, u + j, runs, row, shifts + j, sums + j)
        else addStrip<void>(x + j, 0, runs, row, shifts + j, sums + j)
      for (; j + 16 <= row; j += 16) addFour(x + j, u ? u + j : 0, runs, row, shifts + j, sums + j)
    }
    for (; j < row; j += 4) {
      const k = <f64>load<f32>(shifts + j)
      let a: f64 = 0
      let b: f64 = 0
      let p = x + j
      let v = u + j
      for (let q = runs; q > 0; q--) {
        const d = <f64>load<f32>(p) - k
        const e = u ? <f64>load<f32>(v) : d
        a += e
        b += e * d
        p += row
        v += row
      }
      addF64(totals, <i32>j >> 2, a)
      addF64(totals, width + (<i32>j >> 2), b)
    }
    x += row * runs
    if (u) u += row * runs
    i += runs
    if (i == depth || (i & (BLOCK - 1)) == 0) drain(sums, totals, width << 1)
  }
}

/**
 * Means and variances from totals over `depth` runs, and better shifts. 0: good; 1: some shift was bad; 2: see `trusted`.
 * @param count elements of a cell.
 */
export function columnMoments(
  depth: f64,
  width: i32,
  centers: bool,
  scale: i32,
  epsilon: f64,
  count: f64,
  shifts: usize,
  totals: usize,
  means: usize,
  variances: usize,
): i32 {
  const floor = floorOf(scale, epsilon, count)
  let state = 0
  for (let j = 0; j < width; j++) {
    const k = shifts + ((<usize>j) << 2)
    const d = centers ? f64At(totals, j) / depth : 0
    const v = f64At(totals, width + j) / depth - d * d
    const m = <f64>load<f32>(k) + d
    putF64(means, j, m)
    putF64(variances, j, max(v, 0))
    if (!(d * d <= v)) state = max(state, 1)
    store<f32>(k, <f32>m)
    if (!trusted(v, floor)) state = 2
  }
  return state
}

/**
 * For each column k, a, b of y = (x - k) a + b. False where float32 cannot.
 * @param variances 0, or those of the cells: backward asks more of them.
 */
export function columnCoefficients(
  width: i32,
  center: bool,
  cellAt: usize,
  means: usize,
  variances: usize,
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
    if (variances && faint(m, f64At(variances, cell))) return false
    if (!easy || !(a == 0 || fits(a))) return false
    store<f32>(to, shift)
    store<f32>(to + row, <f32>a)
    store<f32>(to + row * 2, <f32>((<f64>shift - m) * a + <f64>load<f32>(beta + at)))
    to += 4
  }
  return true
}

/** 16 columns of `runs` runs. U is float32 where there is a u, else void: a test a run costs a tenth. */
function drawStrip<U>(x: usize, u: usize, to: usize, runs: i32, row: usize, from: usize): void {
  const k0 = v128.load(from)
  const k1 = v128.load(from, 16)
  const k2 = v128.load(from, 32)
  const k3 = v128.load(from, 48)
  from += row
  const q0 = v128.load(from)
  const q1 = v128.load(from, 16)
  const q2 = v128.load(from, 32)
  const q3 = v128.load(from, 48)
  from += row
  const t0 = v128.load(from)
  const t1 = v128.load(from, 16)
  const t2 = v128.load(from, 32)
  const t3 = v128.load(from, 48)
  from += row
  for (; runs > 0; runs--) {
    touch(to)
    let d0 = madd(f32x4.sub(v128.load(x), k0), q0, t0)
    let d1 = madd(f32x4.sub(v128.load(x, 16), k1), q1, t1)
    let d2 = madd(f32x4.sub(v128.load(x, 32), k2), q2, t2)
    let d3 = madd(f32x4.sub(v128.load(x, 48), k3), q3, t3)
    if (!isVoid<U>()) {
      d0 = madd(v128.load(u), v128.load(from), d0)
      d1 = madd(v128.load(u, 16), v128.load(from, 16), d1)
      d2 = madd(v128.load(u, 32), v128.load(from, 32), d2)
      d3 = madd(v128.load(u, 48), v128.load(from, 48), d3)
      u += row
    }
    v128.store(to, d0)
    v128.store(to, d1, 16)
    v128.store(to, d2, 32)
    v128.store(to, d3, 48)
    x += row
    to += row
  }
}

/** (x - k) q + t of `runs` elements of each of the columns that one T holds. See `columnDraw`. */
function drawColumns<T>(x: usize, u: usize, to: usize, runs: i32, row: usize, from: usize): void {
  const k = get<T>(from)
  const q = get<T>(from + row)
  const t = get<T>(from + row * 2)
  const g = u ? get<T>(from + row * 3) : zero()
  for (; runs > 0; runs--) {
    let d = madd(f32x4.sub(get<T>(x), k), q, t)
    if (u) {
      d = madd(get<T>(u), g, d)
      u += row
    }
    put<T>(to, d)
    x += row
    to += row
  }
}

/** Each run by its gamma, plus its beta. */
function scaleRuns(x: usize, y: usize, runs: i32, width: i32, gamma: usize, beta: usize): void {
  coefficients(0, 1)
  for (; runs > 0; runs--) {
    draw<void>(x, 0, y, width, <f64>load<f32>(gamma), beta ? <f64>load<f32>(beta) : 0, 0, true)
    x += (<usize>width) << 2
    y += (<usize>width) << 2
    gamma += 4
    if (beta) beta += 4
  }
}

/**
 * (x - k) q + t over `depth` runs, plus u g where there is a u. k, q, t and g stand at `from`, `width` of each.
 * @param gamma 0, or a factor for each run: of u, or without u of the result, to which the run's `beta` is added.
 */
export function columnDraw(
  x: usize,
  u: usize,
  to: usize,
  depth: i32,
  width: i32,
  from: usize,
  gamma: usize,
  beta: usize,
): void {
  const row = (<usize>width) << 2
  // Runs whose lines stay in the first-level cache, mostly.
  const most = u ? 8 : 16
  for (; depth > 0; depth -= most) {
    const runs = min(most, depth)
    let v = u
    if (u && gamma) {
      scaleRuns(u, to, runs, width, gamma, 0)
      v = to
    }
    let j: usize = 0
    for (; j + 64 <= row; j += 64)
      if (v) drawStrip<f32>(x + j, v + j, to + j, runs, row, from + j)
      else drawStrip<void>(x + j, 0, to + j, runs, row, from + j)
    for (; j + 16 <= row; j += 16) drawColumns<v128>(x + j, v ? v + j : 0, to + j, runs, row, from + j)
    for (; j < row; j += 4) drawColumns<f32>(x + j, v ? v + j : 0, to + j, runs, row, from + j)
    if (gamma) {
      if (!u) scaleRuns(to, to, runs, width, gamma, beta)
      gamma += most << 2
      beta += most << 2
    }
    x += row * most
    if (u) u += row * most
    to += row * most
  }
}
