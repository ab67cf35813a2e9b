/**
 * Backward of runs as those of rows.ts. With u = (x - K) r + e and g = dy gamma: sums of g and g u over each cell, then
 * dx = r (g - a - b u), where a and b are those sums over the count, or 0 where a term does not exist.
 */
import { dot, scalarRun, sum, sumRun } from './backRuns'
import { coefficients, faint } from './cell'
import { addF64, entry, f64At } from './simd'

/**
 * The first half: adds each row's sums to its cell's `cellSums` (g, then g u, float64), and its gradients to dgamma and dbeta
 * (float64). False where float32 cannot.
 */
export function rowSums(
  x: usize,
  dy: usize,
  rows: i32,
  parts: i32,
  size: i32,
  centered: bool,
  cellAt: usize,
  means: usize,
  variances: usize,
  rstds: usize,
  gamma: usize,
  paramAt: usize,
  step: i32,
  cellSums: usize,
  cells: i32,
  dgamma: usize,
  dbeta: usize,
): bool {
  const bytes = (<usize>size) << 2
  for (let i = 0; i < rows; i++) {
    const cell = entry(cellAt, i)
    let at = paramAt ? entry(paramAt, i) : 0
    const m = centered ? f64At(means, cell) : 0
    if (!coefficients(m, f64At(rstds, cell)) || faint(m, f64At(variances, cell))) return false
    let g: f64 = 0
    let gu: f64 = 0
    for (let j = 0; j < parts; j++) {
      sumRun(x, dy, size)
      addF64(dgamma, at, dot)
      addF64(dbeta, at, sum)
      const w = <f64>load<f32>(gamma + ((<usize>at) << 2))
      g += sum * w
      gu += dot * w
      x += bytes
      dy += bytes
      at += step
    }
    if (!(Math.abs(g) < 1e36 && Math.abs(gu) < 1e36)) return false
    addF64(cellSums, cell, g)
    addF64(cellSums + ((<usize>cells) << 3), cell, gu)
  }
  return true
}

/**
 * The second half: dx. `centred` and `scaled` are the counts that sums are divided by, 0 where there is no such term; nor is there the second
 * in a cell whose variance is not above `least`.
 */
export function rowGradients(
  x: usize,
  dy: usize,
  dx: usize,
  rows: i32,
  parts: i32,
  size: i32,
  centered: bool,
  cellAt: usize,
  means: usize,
  variances: usize,
  rstds: usize,
  gamma: usize,
  paramAt: usize,
  step: i32,
  cellSums: usize,
  cells: i32,
  centred: f64,
  scaled: f64,
  least: f64,
): void {
  const bytes = (<usize>size) << 2
  for (let i = 0; i < rows; i++) {
    const cell = entry(cellAt, i)
    let at = paramAt ? entry(paramAt, i) : 0
    const r = f64At(rstds, cell)
    coefficients(centered ? f64At(means, cell) : 0, r)
    const a = centred ? (-r * f64At(cellSums, cell)) / centred : 0
    const scales = scaled != 0 && f64At(variances, cell) > least
    const b = scales ? (-r * f64At(cellSums + ((<usize>cells) << 3), cell)) / scaled : 0
    for (let j = 0; j < parts; j++) {
      const p = gamma + ((<usize>at) << 2)
      scalarRun(x, dy, dx, size, r * <f64>load<f32>(p), a, b)
      x += bytes
      dy += bytes
      dx += bytes
      at += step
    }
  }
}

/** Both, row by row, where each row is a cell. False where float32 cannot. */
export function rowBackward(
  x: usize,
  dy: usize,
  dx: usize,
  rows: i32,
  parts: i32,
  size: i32,
  centered: bool,
  means: usize,
  variances: usize,
  rstds: usize,
  gamma: usize,
  paramAt: usize,
  step: i32,
  cellSums: usize,
  cells: i32,
  centred: f64,
  scaled: f64,
  least: f64,
  dgamma: usize,
  dbeta: usize,
): bool {
  const bytes = (<usize>(parts * size)) << 2
  for (let i = 0; i < rows; i++) {
    // prettier-ignore
    if (!rowSums(x, dy, 1, parts, size, centered, 0, means, variances, rstds, gamma, paramAt, step, cellSums, cells, dgamma, dbeta)) return false
    // prettier-ignore
    rowGradients(x, dy, dx, 1, parts, size, centered, 0, means, variances, rstds, gamma, paramAt, step, cellSums, cells, centred, scaled, least)
    x += bytes
    dy += bytes
    dx += bytes
    means += 8
    variances += 8
    rstds += 8
    cellSums += 8
    if (paramAt) paramAt += 4
  }
  return true
}
