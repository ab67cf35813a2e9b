/** Dropout with the mask of draw.ts: 32 elements from four blocks of Threefry-4x32-12 at a time. See random.ts. */
import { touch } from './simd'

function rotate(a: v128, by: i32): v128 {
  return v128.or(i32x4.shl(a, by), i32x4.shr_u(a, 32 - by))
}

function drop8(x: usize, y: usize, words: v128, least: v128, scale: v128): void {
  touch(y)
  const kept = i16x8.ge_u(words, least)
  const low = i32x4.extend_low_i16x8_s(kept)
  const high = i32x4.extend_high_i16x8_s(kept)
  v128.store(y, v128.and(f32x4.mul(v128.load(x), scale), low))
  v128.store(y, v128.and(f32x4.mul(v128.load(x, 16), scale), high), 16)
}

/** @param first element that x begins with, a multiple of 32; `scratch` is room for 32. The threshold is below 65536. */
export function dropout(
  x: usize,
  y: usize,
  n: i32,
  first: f64,
  k0: i32,
  k1: i32,
  k2: i32,
  k3: i32,
  threshold: i32,
  factor: f32,
  scratch: usize,
): void {
  const k4 = 0x1bd11bda ^ k0 ^ k1 ^ k2 ^ k3
  const key0 = i32x4.splat(k0)
  const key0b = i32x4.splat(k0 + 2)
  const key1 = i32x4.splat(k1)
  const key1c = i32x4.splat(k1 + 3)
  const key2 = i32x4.splat(k2)
  const key3 = i32x4.splat(k3)
  const key4 = i32x4.splat(k4)
  const key4a = i32x4.splat(k4 + 1)
  const least = i16x8.splat(<i16>threshold)
  const scale = f32x4.splat(factor)
  let counters = i32x4.add(i32x4.splat(<i32>(<u32>(first / 8)) + k0), i32x4(0, 1, 2, 3))
  const four = i32x4.splat(4)
  for (; n > 0; n -= 32) {
    const last = n < 32
    if (last) memory.copy(scratch, x, (<usize>n) << 2)
    const p = last ? scratch : x
    const q = last ? scratch : y
    let a = counters
    let b = key1
    let c = key2
    let d = key3
    // Rounds 0 to 3.
    a = i32x4.add(a, b)
    b = v128.xor(rotate(b, 10), a)
    c = i32x4.add(c, d)
    d = v128.xor(rotate(d, 26), c)
    a = i32x4.add(a, d)
    d = v128.xor(rotate(d, 11), a)
    c = i32x4.add(c, b)
    b = v128.xor(rotate(b, 21), c)
    a = i32x4.add(a, b)
    b = v128.xor(rotate(b, 13), a)
    c = i32x4.add(c, d)
    d = v128.xor(rotate(d, 27), c)
    a = i32x4.add(a, d)
    d = v128.xor(rotate(d, 23), a)
    c = i32x4.add(c, b)
    b = v128.xor(rotate(b, 5), c)
    a = i32x4.add(a, key1)
    b = i32x4.add(b, key2)
    c = i32x4.add(c, key3)
    d = i32x4.add(d, key4a)
    // Rounds 4 to 7.
    a = i32x4.add(a, b)
    b = v128.xor(rotate(b, 6), a)
    c = i32x4.add(c, d)
    d = v128.xor(rotate(d, 20), c)
    a = i32x4.add(a, d)
    d = v128.xor(rotate(d, 17), a)
    c = i32x4.add(c, b)
    b = v128.xor(rotate(b, 11), c)
    a = i32x4.add(a, b)
    b = v128.xor(rotate(b, 25), a)
    c = i32x4.add(c, d)
    d = v128.xor(rotate(d, 10), c)
    a = i32x4.add(a, d)
    d = v128.xor(rotate(d, 18), a)
    c = i32x4.add(c, b)
    b = v128.xor(rotate(b, 20), c)
    a = i32x4.add(a, key2)
    b = i32x4.add(b, key3)
    c = i32x4.add(c, key4)
    d = i32x4.add(d, key0b)
    // Rounds 8 to 11.
    a = i32x4.add(a, b)
    b = v128.xor(rotate(b, 10), a)
    c = i32x4.add(c, d)
    d = v128.xor(rotate(d, 26), c)
    a = i32x4.add(a, d)
    d = v128.xor(rotate(d, 11), a)
    c = i32x4.add(c, b)
    b = v128.xor(rotate(b, 21), c)
    a = i32x4.add(a, b)
    b = v128.xor(rotate(b, 13), a)
    c = i32x4.add(c, d)
    d = v128.xor(rotate(d, 27), c)
    a = i32x4.add(a, d)
    d = v128.xor(rotate(d, 23), a)
    c = i32x4.add(c, b)
    b = v128.xor(rotate(b, 5), c)
    a = i32x4.add(a, key3)
    b = i32x4.add(b, key4)
    c = i32x4.add(c, key0)
    d = i32x4.add(d, key1c)
    // Each lane holds a block: transposed, each vector does.
    const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5)
    const ab1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7)
    const cd0 = v128.shuffle<i32>(c, d, 0, 4, 1, 5)
    const cd1 = v128.shuffle<i32>(c, d, 2, 6, 3, 7)
    drop8(p, q, v128.shuffle<i64>(ab0, cd0, 0, 2), least, scale)
    drop8(p + 32, q + 32, v128.shuffle<i64>(ab0, cd0, 1, 3), least, scale)
    drop8(p + 64, q + 64, v128.shuffle<i64>(ab1, cd1, 0, 2), least, scale)
    drop8(p + 96, q + 96, v128.shuffle<i64>(ab1, cd1, 1, 3), least, scale)
    if (last) memory.copy(y, scratch, (<usize>n) << 2)
    x += 128
    y += 128
    counters = i32x4.add(counters, four)
  }
}
