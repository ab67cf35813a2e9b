/**
 * Backward of rows. With u = (x - K) r + e and g = dy gamma: sums of g and g u over each cell, then
 * dx = r (g - a - b u), where a and b are those sums over the count, or 0 where a term does not exist.
 */
import { center, coefficients, factor, faint, rest, shift, slope } from './cell'
import { fourNear, pipePair } from './pipeBack'
import { addF64, drain, entry, f64At, lanes, madd, zero } from './simd'

const BLOCK = 1024
/** Runs whose dgamma and dbeta are summed in float32. */
const HOLD = 64
/** Shorter runs are taken in float64: their gradient may be what cancellation leaves. */
const SHORT = 16

let sum: f64 = 0
let dot: f64 = 0

/** sum = sum of g, dot = sum of g xhat, where g = dy, or dy gamma where gamma is a vector. */
function sumRun(x: usize, dy: usize, n: i32, vector: bool, gamma: usize): void {
  const k = f32x4.splat(shift)
  const whole = n < SHORT ? 0 : n & ~15
  const end = x + ((<usize>n) << 2)
  let t: f64 = 0
  let u: f64 = 0
  for (let from = 0; from < whole; from += BLOCK) {
    const stop = x + ((<usize>min(whole - from, BLOCK)) << 2)
    let a0 = zero()
    let a1 = zero()
    let a2 = zero()
    let a3 = zero()
    let b0 = zero()
    let b1 = zero()
    let b2 = zero()
    let b3 = zero()
    for (; x < stop; x += 64) {
      let g0 = v128.load(dy)
      let g1 = v128.load(dy, 16)
      let g2 = v128.load(dy, 32)
      let g3 = v128.load(dy, 48)
      if (vector) {
        g0 = f32x4.mul(g0, v128.load(gamma))
        g1 = f32x4.mul(g1, v128.load(gamma, 16))
        g2 = f32x4.mul(g2, v128.load(gamma, 32))
        g3 = f32x4.mul(g3, v128.load(gamma, 48))
        gamma += 64
      }
      a0 = f32x4.add(a0, g0)
      a1 = f32x4.add(a1, g1)
      a2 = f32x4.add(a2, g2)
      a3 = f32x4.add(a3, g3)
      b0 = madd(g0, f32x4.sub(v128.load(x), k), b0)
      b1 = madd(g1, f32x4.sub(v128.load(x, 16), k), b1)
      b2 = madd(g2, f32x4.sub(v128.load(x, 32), k), b2)
      b3 = madd(g3, f32x4.sub(v128.load(x, 48), k), b3)
      dy += 64
    }
    t += lanes(f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)))
    u += lanes(f32x4.add(f32x4.add(b0, b1), f32x4.add(b2, b3)))
  }
  for (; x < end; x += 4) {
    let g = <f64>load<f32>(dy)
    if (vector) {
      g *= <f64>load<f32>(gamma)
      gamma += 4
    }
    t += g
    u += g * (<f64>load<f32>(x) - <f64>shift)
    dy += 4
  }
  sum = t
  dot = (u + t * (<f64>shift - center)) * slope
}

/** dx = r g + b u + a, and dgamma += dy u, dbeta += dy in float32, for a gamma an element. */
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
  const end = x + ((<usize>n) << 2)
  if (n >= SHORT)
    for (const whole = x + ((<usize>(n & ~7)) << 2); x < whole; x += 32) {
      const u0 = madd(f32x4.sub(v128.load(x), k), r, e)
      const u1 = madd(f32x4.sub(v128.load(x, 16), k), r, e)
      const d0 = v128.load(dy)
      const d1 = v128.load(dy, 16)
      v128.store(dgamma, madd(d0, u0, v128.load(dgamma)))
      v128.store(dgamma, madd(d1, u1, v128.load(dgamma, 16)), 16)
      v128.store(dbeta, f32x4.add(d0, v128.load(dbeta)))
      v128.store(dbeta, f32x4.add(d1, v128.load(dbeta, 16)), 16)
      v128.store(dx, madd(f32x4.mul(d0, v128.load(gamma)), r, madd(u0, bb, aa)))
      v128.store(dx, madd(f32x4.mul(d1, v128.load(gamma, 16)), r, madd(u1, bb, aa)), 16)
      dy += 32
      dx += 32
      gamma += 32
      dgamma += 32
      dbeta += 32
    }
  for (; x < end; x += 4) {
    const u = (<f64>load<f32>(x) - center) * slope
    const d = <f64>load<f32>(dy)
    store<f32>(dgamma, <f32>(<f64>load<f32>(dgamma) + d * u))
    store<f32>(dbeta, <f32>(<f64>load<f32>(dbeta) + d))
    store<f32>(dx, <f32>(d * <f64>load<f32>(gamma) * slope + u * b + a))
    dy += 4
    dx += 4
    gamma += 4
    dgamma += 4
    dbeta += 4
  }
}

/** dx = dy g + (x - k) q + t, where q = b r and g = gamma r. */
function scalarRun(x: usize, dy: usize, dx: usize, n: i32, g: f64, a: f64, b: f64): void {
  const q = b * slope
  const k = f32x4.splat(shift)
  const gg = f32x4.splat(<f32>g)
  const qq = f32x4.splat(<f32>q)
  const tt = f32x4.splat(<f32>(a + (<f64>shift - center) * q))
  const end = x + ((<usize>n) << 2)
  if (n >= SHORT)
    for (const whole = x + ((<usize>(n & ~15)) << 2); x < whole; x += 64) {
      v128.store(dx, madd(v128.load(dy), gg, madd(f32x4.sub(v128.load(x), k), qq, tt)))
      v128.store(dx, madd(v128.load(dy, 16), gg, madd(f32x4.sub(v128.load(x, 16), k), qq, tt)), 16)
      v128.store(dx, madd(v128.load(dy, 32), gg, madd(f32x4.sub(v128.load(x, 32), k), qq, tt)), 32)
      v128.store(dx, madd(v128.load(dy, 48), gg, madd(f32x4.sub(v128.load(x, 48), k), qq, tt)), 48)
      dy += 64
      dx += 64
    }
  for (; x < end; x += 4) {
    store<f32>(dx, <f32>(<f64>load<f32>(dy) * g + ((<f64>load<f32>(x) - center) * q + a)))
    dy += 4
    dx += 4
  }
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
  variances: usize,
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
    const m = centered ? f64At(means, cell) : 0
    if (!coefficients(m, f64At(rstds, cell)) || faint(m, f64At(variances, cell))) return false
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
  if (held) {
    drain(partial, dgamma + ((<usize>heldAt) << 3), size)
    drain(partial + ((<usize>size) << 2), dbeta + ((<usize>heldAt) << 3), size)
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
        if (held >= HOLD || (held != 0 && heldAt != at)) rowFlush(size, partial, dgamma, dbeta)
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
  const n = parts * size
  const own = centred != 0 || scaled != 0
  // The second term of l2 may be missing in some cells.
  const pipes =
    own && least < 0 && vector && parts == 1 && !paramAt && (n & 3) == 0 && n >= SHORT && n <= 8192
  let ready = false
  for (let i = 0; i < rows; i += 2) {
    const count = min(2, rows - i)
    const bytes = (<usize>(count * n)) << 2
    const stats = (<usize>count) << 3
    // prettier-ignore
    if (!ready && !rowSums(x, dy, count, parts, size, centered, 0, means, variances, rstds, vector, gamma, paramAt, step, cellSums, cells, dgamma, dbeta)) return false
    ready = pipes && i + 4 <= rows && fourNear(means, variances, rstds)
    if (ready) {
      if (held >= HOLD) rowFlush(size, partial, dgamma, dbeta)
      heldAt = 0
      held += 2
      const up = partial + ((<usize>size) << 2)
      if (!pipePair(x, dy, dx, n, means, rstds, gamma, cellSums, cells, centred, scaled, partial, up))
        return false
    } else
      // prettier-ignore
      rowGradients(x, dy, dx, count, parts, size, centered, 0, means, variances, rstds, vector, gamma, paramAt, step, cellSums, cells, centred, scaled, least, partial, dgamma, dbeta)
    x += bytes
    dy += bytes
    dx += bytes
    means += stats
    variances += stats
    rstds += stats
    cellSums += stats
    if (paramAt) paramAt += stats >> 1
  }
  return true
}
