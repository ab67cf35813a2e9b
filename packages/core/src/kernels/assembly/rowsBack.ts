/**
 * Backward of rows. With u = (x - K) r + e and g = dy gamma: sums of g and g u over each cell, then
 * dx = r (g - a - b u), where a and b are those sums over the count, or 0 where a term does not exist.
 */
import { center, coefficients, factor, rest, slope, shift } from './cell'
import { addF64, entry, f64At, lanes, madd, zero } from './simd'

const BLOCK = 1024
/** Runs whose dgamma and dbeta are summed in float32. */
const HOLD = 64
/** Shorter runs are taken in float64: their gradient may be what cancellation leaves. */
const SHORT = 16

let sum: f64 = 0
let dot: f64 = 0

/** sum = sum of dy, dot = sum of dy (x - k), in blocks. With gamma: of dy gamma. */
function sumRun(x: usize, dy: usize, n: i32, vector: bool, gamma: usize): void {
  const k = f32x4.splat(shift)
  const whole = n < SHORT ? 0 : n & ~7
  let t: f64 = 0
  let u: f64 = 0
  let i: usize = 0
  for (let from = 0; from < whole; from += BLOCK) {
    const stop = (<usize>min(whole, from + BLOCK)) << 2
    let a0 = zero()
    let a1 = zero()
    let b0 = zero()
    let b1 = zero()
    if (vector)
      for (; i < stop; i += 32) {
        const g0 = f32x4.mul(v128.load(dy + i), v128.load(gamma + i))
        const g1 = f32x4.mul(v128.load(dy + i, 16), v128.load(gamma + i, 16))
        a0 = f32x4.add(a0, g0)
        a1 = f32x4.add(a1, g1)
        b0 = madd(g0, f32x4.sub(v128.load(x + i), k), b0)
        b1 = madd(g1, f32x4.sub(v128.load(x + i, 16), k), b1)
      }
    else
      for (; i < stop; i += 32) {
        const g0 = v128.load(dy + i)
        const g1 = v128.load(dy + i, 16)
        a0 = f32x4.add(a0, g0)
        a1 = f32x4.add(a1, g1)
        b0 = madd(g0, f32x4.sub(v128.load(x + i), k), b0)
        b1 = madd(g1, f32x4.sub(v128.load(x + i, 16), k), b1)
      }
    t += lanes(f32x4.add(a0, a1))
    u += lanes(f32x4.add(b0, b1))
  }
  for (const end = (<usize>n) << 2; i < end; i += 4) {
    let g = <f64>load<f32>(dy + i)
    if (vector) g *= <f64>load<f32>(gamma + i)
    t += g
    u += g * (<f64>load<f32>(x + i) - <f64>shift)
  }
  sum = t
  dot = (u + t * (<f64>shift - center)) * slope
}

/** dx = r (g - a - b u), and dgamma += dy u, dbeta += dy in float32, for a gamma an element. */
function vectorRun(
  x: usize,
  dy: usize,
  dx: usize,
  n: i32,
  gamma: usize,
  dgamma: usize,
  dbeta: usize,
  a: f64,
  b: f64,
): void {
  const k = f32x4.splat(shift)
  const r = f32x4.splat(factor)
  const e = f32x4.splat(rest)
  const aa = f32x4.splat(<f32>a)
  const bb = f32x4.splat(<f32>b)
  const whole: usize = n < SHORT ? 0 : (<usize>(n & ~3)) << 2
  const end = (<usize>n) << 2
  let i: usize = 0
  for (; i < whole; i += 16) {
    const u = madd(f32x4.sub(v128.load(x + i), k), r, e)
    const d = v128.load(dy + i)
    v128.store(dgamma + i, madd(d, u, v128.load(dgamma + i)))
    v128.store(dbeta + i, f32x4.add(d, v128.load(dbeta + i)))
    v128.store(dx + i, madd(f32x4.mul(d, v128.load(gamma + i)), r, madd(u, bb, aa)))
  }
  for (; i < end; i += 4) {
    const u = (<f64>load<f32>(x + i) - center) * slope
    const d = <f64>load<f32>(dy + i)
    store<f32>(dgamma + i, <f32>(<f64>load<f32>(dgamma + i) + d * u))
    store<f32>(dbeta + i, <f32>(<f64>load<f32>(dbeta + i) + d))
    store<f32>(dx + i, <f32>(d * <f64>load<f32>(gamma + i) * slope + u * b + a))
  }
}

/** dx = dy g + (x - k) q + t, where q = b r and g = gamma r. */
function scalarRun(x: usize, dy: usize, dx: usize, n: i32, g: f64, a: f64, b: f64): void {
  const q = b * slope
  const k = f32x4.splat(shift)
  const gg = f32x4.splat(<f32>g)
  const qq = f32x4.splat(<f32>q)
  const tt = f32x4.splat(<f32>(a + (<f64>shift - center) * q))
  const whole: usize = n < SHORT ? 0 : (<usize>(n & ~7)) << 2
  const end = (<usize>n) << 2
  let i: usize = 0
  for (; i < whole; i += 32) {
    const d0 = f32x4.sub(v128.load(x + i), k)
    const d1 = f32x4.sub(v128.load(x + i, 16), k)
    v128.store(dx + i, madd(v128.load(dy + i), gg, madd(d0, qq, tt)))
    v128.store(dx + i, madd(v128.load(dy + i, 16), gg, madd(d1, qq, tt)), 16)
  }
  for (; i < end; i += 4)
    store<f32>(dx + i, <f32>(<f64>load<f32>(dy + i) * g + ((<f64>load<f32>(x + i) - center) * q + a)))
}

/**
 * The first half: adds each row's sums to its cell's `cellSums` (g, then g u, float64), and, for one gamma a part, its
 * gradients to dgamma and dbeta (float64). False where float32 cannot.
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
  rstds: usize,
  vector: bool,
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
    if (!coefficients(centered ? f64At(means, cell) : 0, f64At(rstds, cell))) return false
    let g: f64 = 0
    let gu: f64 = 0
    for (let j = 0; j < parts; j++) {
      sumRun(x, dy, size, vector, gamma + ((<usize>at) << 2))
      let w: f64 = 1
      if (!vector) {
        addF64(dgamma, at, dot)
        addF64(dbeta, at, sum)
        w = <f64>load<f32>(gamma + ((<usize>at) << 2))
      }
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

let held: i32 = 0
let heldAt: i32 = 0

/** Moves the float32 sums of dgamma and dbeta (`partial`, two of `size`) to float64. */
export function rowFlush(size: i32, partial: usize, dgamma: usize, dbeta: usize): void {
  if (held)
    for (let j = 0; j < size; j++) {
      const p = partial + ((<usize>j) << 2)
      const q = p + ((<usize>size) << 2)
      addF64(dgamma, heldAt + j, <f64>load<f32>(p))
      addF64(dbeta, heldAt + j, <f64>load<f32>(q))
      store<f32>(p, 0)
      store<f32>(q, 0)
    }
  held = 0
}

/**
 * The second half: dx, and for a gamma an element dgamma and dbeta, which stand in `partial` for HOLD runs at most.
 * `centred` and `scaled` are the counts that sums are divided by, 0 where there is no such term; nor is there the second
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
  vector: bool,
  gamma: usize,
  paramAt: usize,
  step: i32,
  cellSums: usize,
  cells: i32,
  centred: f64,
  scaled: f64,
  least: f64,
  partial: usize,
  dgamma: usize,
  dbeta: usize,
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
      if (vector) {
        if (held == HOLD || (held != 0 && heldAt != at)) rowFlush(size, partial, dgamma, dbeta)
        heldAt = at
        held++
        vectorRun(x, dy, dx, size, p, partial, partial + bytes, a, b)
      } else {
        scalarRun(x, dy, dx, size, r * <f64>load<f32>(p), a, b)
      }
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
  vector: bool,
  gamma: usize,
  paramAt: usize,
  step: i32,
  cellSums: usize,
  cells: i32,
  centred: f64,
  scaled: f64,
  least: f64,
  partial: usize,
  dgamma: usize,
  dbeta: usize,
): bool {
  const bytes = (<usize>(parts * size)) << 2
  for (let i = 0; i < rows; i++) {
    // prettier-ignore
    if (!rowSums(x, dy, 1, parts, size, centered, 0, means, rstds, vector, gamma, paramAt, step, cellSums, cells, dgamma, dbeta))
      return false
    // prettier-ignore
    rowGradients(x, dy, dx, 1, parts, size, centered, 0, means, variances, rstds, vector, gamma, paramAt, step, cellSums, cells, centred, scaled, least, partial, dgamma, dbeta)
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
