/** Statistics of cells of n elements from those of their pieces, all of one size. Chan, Golub & LeVeque 1983, in float64. */
import { factorOf, L2, NONE } from './cell'
import { addF64, entry, f64At, putF64 } from './simd'

export function merge(
  pieces: i32,
  pieceMeans: usize,
  pieceVariances: usize,
  cellAt: usize,
  cells: i32,
  n: f64,
  scale: i32,
  epsilon: f64,
  means: usize,
  variances: usize,
  rstds: usize,
): void {
  const each = <f64>(pieces / cells)
  for (let i = 0; i < cells; i++) {
    putF64(means, i, 0)
    putF64(variances, i, 0)
  }
  for (let i = 0; i < pieces; i++) addF64(means, entry(cellAt, i), f64At(pieceMeans, i))
  for (let i = 0; i < cells; i++) putF64(means, i, f64At(means, i) / each)
  for (let i = 0; i < pieces; i++) {
    const cell = entry(cellAt, i)
    const d = f64At(pieceMeans, i) - f64At(means, cell)
    addF64(variances, cell, f64At(pieceVariances, i) + d * d)
  }
  for (let i = 0; i < cells; i++) {
    const average = f64At(variances, i) / each
    const v = scale == NONE ? 0 : scale == L2 ? average * n : average
    putF64(variances, i, v)
    putF64(rstds, i, factorOf(scale, v, epsilon))
  }
}
