/**
 * Forward of cells, or pieces of cells, that are contiguous runs: `rows` runs of `parts` x `size` elements. Parameters are
 * vectors of `size` (`vector`) or one value a part; those of part j of row i begin at paramAt[i] + j step.
 */
import { affineCarefully } from './careful'
import {
  center,
  coefficients,
  factor,
  factorOf,
  fits,
  floorOf,
  L2,
  NONE,
  rest,
  shift,
  slope,
  unshift,
} from './cell'
import { mean, moments, shiftOf, trusted, variance } from './moments'
import { nextSquares, pipeRun } from './pipe'
import { aheadOf, entry, f64At, madd, putF64, touch } from './simd'

/** y = ((x - k) r + e) gamma + beta, with a gamma and a beta for each element. */
function vectorRun(x: usize, y: usize, n: i32, gamma: usize, beta: usize): void {
  const r = f32x4.splat(factor)
  const e = f32x4.splat(rest)
  const end = y + ((<usize>n) << 2)
  if (shift == 0)
    for (const whole = y + ((<usize>(n & ~15)) << 2); y < whole; y += 64) {
      v128.store(y, madd(madd(v128.load(x), r, e), v128.load(gamma), v128.load(beta)))
      v128.store(y, madd(madd(v128.load(x, 16), r, e), v128.load(gamma, 16), v128.load(beta, 16)), 16)
      v128.store(y, madd(madd(v128.load(x, 32), r, e), v128.load(gamma, 32), v128.load(beta, 32)), 32)
      v128.store(y, madd(madd(v128.load(x, 48), r, e), v128.load(gamma, 48), v128.load(beta, 48)), 48)
      x += 64
      gamma += 64
      beta += 64
    }
  else {
    const k = f32x4.splat(shift)
    for (const whole = y + ((<usize>(n & ~7)) << 2); y < whole; y += 32) {
      const t0 = madd(f32x4.sub(v128.load(x), k), r, e)
      const t1 = madd(f32x4.sub(v128.load(x, 16), k), r, e)
      v128.store(y, madd(t0, v128.load(gamma), v128.load(beta)))
      v128.store(y, madd(t1, v128.load(gamma, 16), v128.load(beta, 16)), 16)
      x += 32
      gamma += 32
      beta += 32
    }
  }
  for (; y < end; y += 4) {
    const t = (<f64>load<f32>(x) - center) * slope
    store<f32>(y, <f32>(t * <f64>load<f32>(gamma) + <f64>load<f32>(beta)))
    x += 4
    gamma += 4
    beta += 4
  }
}

/** y = (x - shift) a + b. */
export function scalarRun(x: usize, y: usize, n: i32, a: f32, b: f32): void {
  const k = f32x4.splat(shift)
  const aa = f32x4.splat(a)
  const bb = f32x4.splat(b)
  const end = (<usize>n) << 2
  const whole = (<usize>(n & ~15)) << 2
  let i: usize = 0
  for (; i < whole; i += 64) {
    touch(y + i)
    v128.store(y + i, madd(f32x4.sub(v128.load(x + i), k), aa, bb))
    v128.store(y + i, madd(f32x4.sub(v128.load(x + i, 16), k), aa, bb), 16)
    v128.store(y + i, madd(f32x4.sub(v128.load(x + i, 32), k), aa, bb), 32)
    v128.store(y + i, madd(f32x4.sub(v128.load(x + i, 48), k), aa, bb), 48)
  }
  for (; i < end; i += 4) store<f32>(y + i, (load<f32>(x + i) - shift) * a + b)
}

function normalize(
  x: usize,
  y: usize,
  parts: i32,
  size: i32,
  m: f64,
  v: f64,
  r: f64,
  vector: bool,
  gamma: usize,
  beta: usize,
  step: usize,
): void {
  const easy = coefficients(m, r)
  if (vector) unshift(v)
  const bytes = (<usize>size) << 2
  for (let j = 0; j < parts; j++) {
    if (vector) {
      if (easy) vectorRun(x, y, size, gamma, beta)
      else affineCarefully(x, y, size, m, r, gamma, beta, 4)
    } else {
      const g = <f64>load<f32>(gamma)
      const b = <f64>load<f32>(beta)
      const a = r * g
      // Folded into one factor and one offset, in float64.
      if (easy && (a == 0 || fits(a))) scalarRun(x, y, size, <f32>a, <f32>((<f64>shift - m) * a + b))
      else affineCarefully(x, y, size, m, r, gamma, beta, 0)
    }
    x += bytes
    y += bytes
    gamma += step
    beta += step
  }
}

/** Mean, biased variance (mean square for rms, sum of squares for l2) and rstd of each row. */
export function rowMoments(
  x: usize,
  rows: i32,
  n: i32,
  centers: bool,
  scale: i32,
  epsilon: f64,
  means: usize,
  variances: usize,
  rstds: usize,
): void {
  const floor = floorOf(scale, epsilon, <f64>n)
  for (let i = 0; i < rows; i++) {
    moments(x, n, centers, floor)
    x += (<usize>n) << 2
    putF64(means, i, mean)
    const v = scale == NONE ? 0 : scale == L2 ? variance * n : variance
    putF64(variances, i, v)
    putF64(rstds, i, factorOf(scale, v, epsilon))
  }
}

/** y of each row, from the statistics of its cell. No variances: the statistics are not x's own. */
export function rowNormalize(
  x: usize,
  y: usize,
  rows: i32,
  parts: i32,
  size: i32,
  centered: bool,
  cellAt: usize,
  means: usize,
  variances: usize,
  rstds: usize,
  vector: bool,
  gamma: usize,
  beta: usize,
  paramAt: usize,
  step: i32,
): void {
  const bytes = (<usize>(parts * size)) << 2
  for (let i = 0; i < rows; i++) {
    const cell = entry(cellAt, i)
    const at = paramAt ? (<usize>entry(paramAt, i)) << 2 : 0
    const m = centered ? f64At(means, cell) : 0
    const v = variances ? f64At(variances, cell) : -1
    normalize(x, y, parts, size, m, v, f64At(rstds, cell), vector, gamma + at, beta + at, (<usize>step) << 2)
    x += bytes
    y += bytes
  }
}

/** Both, row by row, while the row is in cache. */
export function rowForward(
  x: usize,
  y: usize,
  rows: i32,
  parts: i32,
  size: i32,
  centered: bool,
  centers: bool,
  scale: i32,
  epsilon: f64,
  means: usize,
  variances: usize,
  rstds: usize,
  vector: bool,
  gamma: usize,
  beta: usize,
  paramAt: usize,
  step: i32,
): void {
  const n = parts * size
  const bytes = (<usize>n) << 2
  const floor = floorOf(scale, epsilon, <f64>n)
  const pipes = vector && parts == 1 && !paramAt && (n & 15) == 0
  const share = 1 / <f64>n
  let ready = false
  // Moments of the row: what stands in locals comes sooner than from globals.
  let at: f64 = 0
  let spread: f64 = 0
  for (let i = 0; i < rows; i++) {
    if (!ready) {
      moments(x, n, centers, floor)
      at = mean
      spread = variance
    }
    const m = centered ? at : 0
    const v = scale == NONE ? 0 : scale == L2 ? spread * n : spread
    const r = factorOf(scale, v, epsilon)
    putF64(means, i, at)
    putF64(variances, i, v)
    putF64(rstds, i, r)
    const easy = coefficients(m, r)
    if (pipes) unshift(v)
    const next = x + bytes
    ready = pipes && easy && shift == 0 && i + 1 < rows && !(centers && shiftOf(next, n) != 0)
    if (ready) {
      const sum = pipeRun(x, y, n, gamma, beta, next, aheadOf(rows - i - 2, bytes))
      at = centers ? sum * share : 0
      spread = nextSquares * share - at * at
      // Else the row is summed again, with a shift.
      ready = at * at <= spread && trusted(spread, floor)
    } else {
      const params = paramAt ? (<usize>entry(paramAt, i)) << 2 : 0
      normalize(x, y, parts, size, m, v, r, vector, gamma + params, beta + params, (<usize>step) << 2)
    }
    x += bytes
    y += bytes
  }
}
