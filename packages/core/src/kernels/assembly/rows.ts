/**
 * Forward of cells, or pieces of cells, that are contiguous runs: `rows` runs of `parts` x `size` elements. Parameters are
 * one value a part; that of part j of row i stands at paramAt[i] + j step. Rows with parameters along them: see vectors.ts.
 */
import { coefficients, factorOf, fits, floorOf, L2, NONE } from './cell'
import { mean, moments, variance } from './moments'
import { draw } from './run'
import { entry, f64At, putF64 } from './simd'

/**
 * Statistics and y, row by row, while the row is in cache.
 * @param y 0 where statistics alone are wanted.
 * @param given the statistics of cells stand there; else those of row i become the ith: mean, biased variance (mean square
 * for rms, sum of squares for l2) and rstd.
 */
export function rowForward(
  x: usize,
  y: usize,
  rows: i32,
  parts: i32,
  size: i32,
  given: bool,
  centered: bool,
  centers: bool,
  scale: i32,
  epsilon: f64,
  cellAt: usize,
  means: usize,
  variances: usize,
  rstds: usize,
  gamma: usize,
  beta: usize,
  paramAt: usize,
  step: i32,
): void {
  const n = parts * size
  const floor = floorOf(scale, epsilon, <f64>n)
  for (let i = 0; i < rows; i++) {
    if (!given) {
      moments(x, n, centers, floor)
      putF64(means, i, mean)
      const v = scale == NONE ? 0 : scale == L2 ? variance * n : variance
      putF64(variances, i, v)
      putF64(rstds, i, factorOf(scale, v, epsilon))
    }
    if (!y) {
      x += (<usize>n) << 2
      continue
    }
    const cell = entry(cellAt, i)
    const m = centered ? f64At(means, cell) : 0
    const r = f64At(rstds, cell)
    const easy = coefficients(m, r)
    let at = paramAt ? (<usize>entry(paramAt, i)) << 2 : 0
    for (let j = 0; j < parts; j++) {
      const a = r * <f64>load<f32>(gamma + at)
      draw<void>(x, 0, y, size, a, <f64>load<f32>(beta + at), 0, easy && (a == 0 || fits(a)))
      x += (<usize>size) << 2
      y += (<usize>size) << 2
      at += (<usize>step) << 2
    }
  }
}
