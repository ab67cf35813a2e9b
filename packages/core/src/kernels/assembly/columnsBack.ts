/** Backward of blocks of columns: the formulas of rowsBack.ts, with sums down the columns. */
import { a, b, center, coefficients, slope, shift, terms } from './cell'
import { addF64, drain, entry, f64At, first, laneSums, madd, second, zero } from './simd'

/** Runs that float32 sums of columns take in, and bytes of a run that those of a run do. */
const BLOCK = 64
const PART: usize = 4096

/** Where the vector after that at j begins; a run has `row` bytes, and ends with that which begins at row - 16. */
function after(j: usize, row: usize): usize {
  return j + 16 == row ? row : min(j + 16, row - 16)
}

/**
 * Sums of columns whose gamma goes by run: LayerNorm with the channels before the places. Adds to `totals`, for each column,
 * g = dy gamma and then g (x - k), and for each run its gradients to dgamma and dbeta. k, a and b of xhat = (x - k) a + b
 * stand at `from`. Runs have at least 4 elements; the last vector of a run reaches back where that is no multiple of 4.
 */
export function deepSums(
  x: usize,
  dy: usize,
  depth: i32,
  width: i32,
  from: usize,
  gamma: usize,
  sums: usize,
  totals: usize,
  dgamma: usize,
  dbeta: usize,
): void {
  const row = (<usize>width) << 2
  memory.fill(sums, 0, row << 1)
  for (let i = 1; i <= depth; i++) {
    const w = v128.load32_splat(gamma)
    let p = zero()
    let q = zero()
    for (let j: usize = 0, done: usize = 0; j < row;) {
      // Lanes of before, where the vector reached back, count for nothing.
      const e = v128.and(v128.load(dy + j), i32x4.ge_s(i32x4(0, 4, 8, 12), i32x4.splat(<i32>(done - j))))
      const d = f32x4.sub(v128.load(x + j), v128.load(from + j))
      const xhat = madd(d, v128.load(from + row + j), v128.load(from + row * 2 + j))
      p = f32x4.add(p, e)
      q = madd(e, xhat, q)
      const g = f32x4.mul(e, w)
      v128.store(sums + j, f32x4.add(g, v128.load(sums + j)))
      v128.store(sums + row + j, madd(g, d, v128.load(sums + row + j)))
      done = j + 16
      if ((done & (PART - 1)) == 0 || done == row) {
        const both = laneSums(q, p)
        addF64(dgamma, 0, first(both))
        addF64(dbeta, 0, second(both))
        p = zero()
        q = zero()
      }
      j = after(j, row)
    }
    if (i == depth || (i & (BLOCK - 1)) == 0) drain(sums, totals, width << 1)
    x += row
    dy += row
    gamma += 4
    dgamma += 8
    dbeta += 8
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

/** For each column k, q, t and g of dx = (x - k) q + t + dy g. See rowGradients. */
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
    const products = cellSums + ((<usize>cells) << 3)
    terms(f64At(variances, cell), r, f64At(cellSums, cell), f64At(products, cell), centred, scaled, least)
    store<f32>(to, shift)
    store<f32>(to + row, <f32>b)
    store<f32>(to + row * 2, <f32>(a + (<f64>shift - m) * b))
    store<f32>(to + row * 3, <f32>(r * <f64>load<f32>(gamma + at)))
    to += 4
  }
}
