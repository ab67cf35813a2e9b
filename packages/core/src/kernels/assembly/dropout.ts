/** Dropout with the mask of `bernoulli` in random.ts: 64 elements from four blocks of Threefry-4x32-12 at a time. */
import { enter } from './simd'

function rotate(a: v128, by: i32): v128 {
  return v128.or(i32x4.shl(a, by), i32x4.shr_u(a, 32 - by))
}

/** 8 elements; each 16 bits of `kept` are all set or none. */
function drop8(x: usize, y: usize, kept: v128, scale: v128): void {
  const first = v128.shuffle<i16>(kept, kept, 0, 8, 1, 9, 2, 10, 3, 11)
  const second = v128.shuffle<i16>(kept, kept, 4, 12, 5, 13, 6, 14, 7, 15)
  v128.store(y, v128.and(f32x4.mul(v128.load(x), scale), first))
  v128.store(y, v128.and(f32x4.mul(v128.load(x, 16), scale), second), 16)
}

/** 16 elements, with a byte of `kept` each. */
function drop16(x: usize, y: usize, kept: v128, scale: v128): void {
  const first = v128.shuffle<i8>(kept, kept, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
  const second = v128.shuffle<i8>(kept, kept, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
  drop8(x, y, first, scale)
  drop8(x + 32, y + 32, second, scale)
}

/**
 * @param mask where a bit an element goes, set where it is kept: room for 8 bytes a group. 0: nowhere.
 * @param first element that x begins with, a multiple of 64; `scratch` is room for 96. `high` and `low` are the two bytes
 * of the threshold.
 */
export function dropout(
  x: usize,
  y: usize,
  n: i32,
  first: f64,
  k0: i32,
  k1: i32,
  k2: i32,
  k3: i32,
  high: i32,
  low: i32,
  factor: f32,
  scratch: usize,
  mask: usize,
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
  const coarse = i8x16.splat(<i8>high)
  const fine = i8x16.splat(<i8>low)
  const scale = f32x4.splat(factor)
  // What rounds 0 and 1 make of the words that all blocks have in common.
  const turned = rotate(key1, 10)
  const sum = i32x4.add(key2, key3)
  const mixed = v128.xor(rotate(key3, 26), sum)
  const mixedTurned = rotate(mixed, 11)
  const base = i32x4.splat(<i32>(<u32>(first / 16)) + k0 + k1)
  let counters = i32x4.add(base, i32x4(0, 1, 2, 3))
  const four = i32x4.splat(4)
  const bits = scratch + 256
  for (; n > 0; n -= 64) {
    const last = n < 64
    if (last) memory.copy(scratch, x, (<usize>n) << 2)
    const p = last ? scratch : x
    const q = last ? scratch : y
    if (n > 1088) {
      enter(x, 256)
      enter(y, 256)
    }
    let to = bits
    // A second time, with low bits, only where high ones are a tie.
    while (true) {
      // Rounds 0 to 3. The second word is k1, or k1 + 1 for low bits.
      let a = to == bits ? counters : i32x4.add(counters, i32x4.splat(1))
      let b = v128.xor(to == bits ? turned : rotate(i32x4.splat(k1 + 1), 10), a)
      a = i32x4.add(a, mixed)
      let c = sum
      let d = v128.xor(mixedTurned, a)
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
      a = v128.shuffle<i64>(ab0, cd0, 0, 2)
      b = v128.shuffle<i64>(ab0, cd0, 1, 3)
      c = v128.shuffle<i64>(ab1, cd1, 0, 2)
      d = v128.shuffle<i64>(ab1, cd1, 1, 3)
      v128.store(to, a)
      v128.store(to, b, 16)
      v128.store(to, c, 32)
      v128.store(to, d, 48)
      if (!low || to != bits) break
      const ab = v128.or(i8x16.eq(a, coarse), i8x16.eq(b, coarse))
      const cd = v128.or(i8x16.eq(c, coarse), i8x16.eq(d, coarse))
      if (!v128.any_true(v128.or(ab, cd))) break
      to += 64
    }
    for (let j: usize = 0; j < 64; j += 16) {
      const word = v128.load(bits + j)
      let kept = i8x16.ge_u(word, coarse)
      if (to != bits) {
        const less = i8x16.lt_u(v128.load(to + j), fine)
        kept = v128.andnot(kept, v128.and(i8x16.eq(word, coarse), less))
      }
      if (mask) store<u16>(mask + (j >> 3), <u16>i8x16.bitmask(kept))
      drop16(p + j * 4, q + j * 4, kept, scale)
    }
    if (mask) mask += 8
    if (last) memory.copy(y, scratch, (<usize>n) << 2)
    x += 256
    y += 256
    counters = i32x4.add(counters, four)
  }
}

/** 4 elements, of the 4 bits `place` of `bits`. */
function keep(x: v128, bits: v128, place: v128, scale: v128): v128 {
  return v128.and(f32x4.mul(x, scale), i32x4.eq(v128.and(bits, place), place))
}

/** With the bits that `dropout` has left at `mask`. `scratch` is room for 144 bytes. */
export function dropoutAgain(x: usize, y: usize, n: i32, mask: usize, factor: f32, scratch: usize): void {
  const scale = f32x4.splat(factor)
  // Through memory: V8 makes a constant of vectors anew, of four instructions, wherever it is used.
  v128.store(scratch, i32x4(1, 2, 4, 8), 128)
  const low = v128.load(scratch, 128)
  const high = i32x4.shl(low, 4)
  for (; n > 0; n -= 32) {
    const last = n < 32
    if (last) memory.copy(scratch, x, (<usize>n) << 2)
    const p = last ? scratch : x
    const q = last ? scratch : y
    if (n > 1088) {
      enter(x, 128)
      enter(y, 128)
    }
    let bits = v128.load32_splat(mask)
    v128.store(q, keep(v128.load(p), bits, low, scale))
    v128.store(q, keep(v128.load(p, 16), bits, high, scale), 16)
    bits = i32x4.shr_u(bits, 8)
    v128.store(q, keep(v128.load(p, 32), bits, low, scale), 32)
    v128.store(q, keep(v128.load(p, 48), bits, high, scale), 48)
    bits = i32x4.shr_u(bits, 8)
    v128.store(q, keep(v128.load(p, 64), bits, low, scale), 64)
    v128.store(q, keep(v128.load(p, 80), bits, high, scale), 80)
    bits = i32x4.shr_u(bits, 8)
    v128.store(q, keep(v128.load(p, 96), bits, low, scale), 96)
    v128.store(q, keep(v128.load(p, 112), bits, high, scale), 112)
    if (last) memory.copy(y, scratch, (<usize>n) << 2)
    x += 128
    y += 128
    mask += 4
  }
}
