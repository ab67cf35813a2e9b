/**
 * Backward of runs as those of rows.ts. With u = (x - K) r + e and g = dy gamma: sums of g and g u over each cell, then
 * dx = r (g - a - b u), where a and b are those sums over the count, or 0 where a term does not exist.
 */
import { a, b, center, coefficients, faint, shift, slope, terms } from './cell'
import { draw, sums } from './run'
import { addF64, entry, f64At, first, second } from './simd'

/**
 * Row by row, while the row is in cache, where each row is a cell; else all sums first, and dx in a second call.
 * @param dx 0 where sums alone are wanted.
 * @param adds adds each row's sums to its cell's `cellSums` (g, then g u, float64), and its gradients to dgamma and dbeta
 * (float64). Else they stand there.
 * @param centred what sums of g are divided by, 0 where there is no such term.
 * @param scaled the same of g u; nor is there that term in a cell whose variance is not above `least`.
 * @returns false where float32 cannot.
 */
export function rowBackward(
  x: usize,
  dy: usize,
  dx: usize,
  rows: i32,
  parts: i32,
  size: i32,
  adds: bool,
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
  dgamma: usize,
  dbeta: usize,
): bool {
  const bytes = (<usize>size) << 2
  const products = cellSums + ((<usize>cells) << 3)
  for (let i = 0; i < rows; i++) {
    const cell = entry(cellAt, i)
    const begin = paramAt ? entry(paramAt, i) : 0
    const m = centered ? f64At(means, cell) : 0
    const v = f64At(variances, cell)
    const r = f64At(rstds, cell)
    if (!coefficients(m, r) || faint(m, v)) return false
    if (adds) {
      let g: f64 = 0
      let gu: f64 = 0
      for (let j = 0, at = begin; j < parts; j++, at += step) {
        const to = bytes * j
        const both = sums(x + to, dy + to, size, shift, 0)
        const sum = first(both)
        const dot = (second(both) + sum * (<f64>shift - center)) * slope
        addF64(dgamma, at, dot)
        addF64(dbeta, at, sum)
        const w = <f64>load<f32>(gamma + ((<usize>at) << 2))
        g += sum * w
        gu += dot * w
      }
      if (!(Math.abs(g) < 1e36 && Math.abs(gu) < 1e36)) return false
      addF64(cellSums, cell, g)
      addF64(products, cell, gu)
    }
    if (dx) {
      terms(v, r, f64At(cellSums, cell), f64At(products, cell), centred, scaled, least)
      for (let j = 0, at = begin; j < parts; j++, at += step) {
        const to = bytes * j
        draw<f32>(x + to, dy + to, dx, size, b, a, r * <f64>load<f32>(gamma + ((<usize>at) << 2)), true)
        dx += bytes
      }
    }
    x += bytes * parts
    dy += bytes * parts
  }
  return true
}
