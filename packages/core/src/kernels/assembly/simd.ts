/** What all kernels share. AssemblyScript: compiled by scripts/kernels.ts, never by tsc. */

/** Elements of a strip: see vectors.ts. Float32 sums take in 16 a lane of one before they go to float64. */
export const STRIP = 128

/**
 * a b + c. Written with pmin and pmax, which no kernel uses otherwise: the loader turns the pair into multiply and add,
 * or, where the engine has it, into relaxed_madd. So one set of bytes serves both builds.
 */
export function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.pmax(f32x4.pmin(a, b), c)
}

/**
 * Reads a byte of a line that is stored to next, and drops it. A store to a line outside the first-level cache holds up
 * those behind it; a read does not wait its turn, and so fetches the line in time. A fifth of LayerNorm backward.
 */
export function touch(at: usize): void {
  load<u8>(at)
}

/**
 * Reads ahead where `at`, which goes on by `step` bytes, enters a page of 4 kB: the first lines of the next one. Processors
 * fetch ahead by themselves, but only to the end of a page, and begin anew, late, in each: a fifth of dropout. Only where
 * 4352 bytes from `at` on are there.
 */
export function enter(at: usize, step: usize): void {
  if ((at & 4095) < step) {
    touch(at + 4096)
    touch(at + 4160)
    touch(at + 4224)
    touch(at + 4288)
  }
}

/** The sums of the lanes of a, and of b, in float64. */
export function laneSums(a: v128, b: v128): v128 {
  const c = f64x2.add(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(v128.shuffle<i64>(a, a, 1, 0)))
  const d = f64x2.add(f64x2.promote_low_f32x4(b), f64x2.promote_low_f32x4(v128.shuffle<i64>(b, b, 1, 0)))
  return f64x2.add(v128.shuffle<i64>(c, d, 0, 2), v128.shuffle<i64>(c, d, 1, 3))
}

/** A row of n, less k, to y. */
export function shift(x: usize, y: usize, n: i32, k: f32): void {
  const end = x + ((<usize>n) << 2)
  const l = f32x4.splat(k)
  for (const whole = x + ((<usize>(n & ~3)) << 2); x < whole; x += 16, y += 16) {
    v128.store(y, f32x4.sub(v128.load(x), l))
  }
  for (; x < end; x += 4, y += 4) store<f32>(y, load<f32>(x) - k)
}

/** The float32 at p and at q. */
export function both(p: usize, q: usize): v128 {
  return pair(<f64>load<f32>(p), <f64>load<f32>(q))
}

export function pair(a: f64, b: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(a), 1, b)
}

export function first(two: v128): f64 {
  return f64x2.extract_lane(two, 0)
}

export function second(two: v128): f64 {
  return f64x2.extract_lane(two, 1)
}

export function zero(): v128 {
  return f32x4.splat(0)
}

/** Four elements, or one: T is v128 or f32. */
export function get<T>(at: usize): v128 {
  return sizeof<T>() == 16 ? v128.load(at) : v128.load32_zero(at)
}

export function put<T>(at: usize, value: v128): void {
  if (sizeof<T>() == 16) v128.store(at, value)
  else v128.store32_lane(at, value, 0)
}

/** Element of an optional table of offsets, i where there is none. */
export function entry(table: usize, i: i32): i32 {
  return table ? load<i32>(table + ((<usize>i) << 2)) : i
}

export function f64At(base: usize, i: i32): f64 {
  return load<f64>(base + ((<usize>i) << 3))
}

export function putF64(base: usize, i: i32, value: f64): void {
  store<f64>(base + ((<usize>i) << 3), value)
}

export function addF64(base: usize, i: i32, value: f64): void {
  putF64(base, i, f64At(base, i) + value)
}

/** Adds n float32 at `from` to float64 at `to`, and clears them. */
export function drain(from: usize, to: usize, n: i32): void {
  const end = from + ((<usize>n) << 2)
  for (const whole = from + ((<usize>(n & ~3)) << 2); from < whole; from += 16) {
    const a = v128.load(from)
    const high = v128.shuffle<i64>(a, a, 1, 0)
    v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(a)))
    v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(high)), 16)
    v128.store(from, f32x4.splat(0))
    to += 32
  }
  for (; from < end; from += 4) {
    store<f64>(to, load<f64>(to) + <f64>load<f32>(from))
    store<f32>(from, 0)
    to += 8
  }
}
