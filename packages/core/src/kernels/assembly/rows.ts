/**
 * Forward of cells, or pieces of cells, that are contiguous runs: `rows` runs of `parts` x `size` elements. Parameters are
 * one value a part; that of part j of row i stands at paramAt[i] + j step. Rows with parameters along them: see vectors.ts.
 */
import { carefully, scalarRun } from './affine'
import { coefficients, factorOf, fits, floorOf, L2, NONE, shift } from './cell'
import { mean, moments, variance } from './moments'
import { entry, f64At, putF64 } from './simd'

function normalize(
  x: usize,
  y: usize,
  parts: i32,
  size: i32,
  m: f64,
  r: f64,
  gamma: usize,
  beta: usize,
  step: usize,
): void {
  const bytes = (<usize>size) << 2
  for (let j = 0; j < parts; j++) {
    const g = <f64>load<f32>(gamma)
    const b = <f64>load<f32>(beta)
    const a = r * g
    // Folded into one factor and one offset, in float64.
    if (coefficients(m, r) && (a == 0 || fits(a)))
      scalarRun(x, y, size, <f32>a, <f32>((<f64>shift - m) * a + b))
    else carefully(x, y, y + bytes, m, r, g, b)
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

/** y of each row, from the statistics of its cell. */
export function rowNormalize(
  x: usize,
  y: usize,
  rows: i32,
  parts: i32,
  size: i32,
  centered: bool,
  cellAt: usize,
  means: usize,
  rstds: usize,
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
    normalize(x, y, parts, size, m, f64At(rstds, cell), gamma + at, beta + at, (<usize>step) << 2)
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
  gamma: usize,
  beta: usize,
  paramAt: usize,
  step: i32,
): void {
  const n = parts * size
  const bytes = (<usize>n) << 2
  for (let i = 0; i < rows; i++) {
    rowMoments(x, 1, n, centers, scale, epsilon, means, variances, rstds)
    rowNormalize(x, y, 1, parts, size, centered, 0, means, rstds, gamma, beta, paramAt, step)
    x += bytes
    y += bytes
    means += 8
    variances += 8
    rstds += 8
    if (paramAt) paramAt += 4
  }
}
