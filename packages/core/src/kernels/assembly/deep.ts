/**
 * Columns whose gamma and beta go by run: LayerNorm with the channels before the places. Else as columns.ts. Runs have at
 * least 4 elements; the last vector of a run reaches back where that is no multiple of 4.
 */
import { addF64, drain, first, madd, second, laneSums, touch, zero } from './simd'

const BLOCK = 64
/** Bytes of a run that float32 sums take in. */
const PART: usize = 4096

/** Where the vector after that at j begins; a run has `row` bytes, and ends with that which begins at row - 16. */
function after(j: usize, row: usize): usize {
  return j + 16 == row ? row : min(j + 16, row - 16)
}

/** (x - k) a + b. */
function line(x: usize, k: usize, row: usize): v128 {
  return madd(f32x4.sub(v128.load(x), v128.load(k)), v128.load(k + row), v128.load(k + row * 2))
}

/** y = ((x - k) a + b) gamma + beta over `depth` runs, with a gamma and a beta for each. */
export function deepNormalize(
  x: usize,
  y: usize,
  depth: i32,
  width: i32,
  from: usize,
  gamma: usize,
  beta: usize,
): void {
  const row = (<usize>width) << 2
  for (const end = gamma + ((<usize>depth) << 2); gamma < end; gamma += 4) {
    const g = v128.load32_splat(gamma)
    const h = v128.load32_splat(beta)
    for (let j: usize = 0; j < row; j = after(j, row)) {
      touch(y + j)
      v128.store(y + j, madd(line(x + j, from + j, row), g, h))
    }
    x += row
    y += row
    beta += 4
  }
}

/**
 * Adds to `totals`, for each column, g = dy gamma and then g (x - k), and for each run its gradients to dgamma and dbeta.
 * k, a and b of xhat = (x - k) a + b stand at `from`.
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
      p = f32x4.add(p, e)
      q = madd(e, line(x + j, from + j, row), q)
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

/** dx = dy gamma g + (x - k) q + t over `depth` runs, with a gamma for each. */
export function deepGradients(
  x: usize,
  dy: usize,
  dx: usize,
  depth: i32,
  width: i32,
  from: usize,
  gamma: usize,
): void {
  const row = (<usize>width) << 2
  for (const end = gamma + ((<usize>depth) << 2); gamma < end; gamma += 4) {
    const w = v128.load32_splat(gamma)
    for (let j: usize = 0; j < row; j = after(j, row)) {
      touch(dx + j)
      const k = from + j
      const d = f32x4.sub(v128.load(x + j), v128.load(k))
      const e = madd(d, v128.load(k + row * 2), v128.load(k + row * 3))
      v128.store(dx + j, madd(f32x4.mul(v128.load(dy + j), w), v128.load(k + row), e))
    }
    x += row
    dy += row
    dx += row
  }
}
