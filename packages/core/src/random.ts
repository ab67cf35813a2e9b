/**
 * Counter-based random numbers: the word at an index is a pure function of seed, step and index, so that backward can
 * draw the same mask again and every backend can draw the same one. Threefry-4x32, Salmon et al. 2011,
 * https://doi.org/10.1145/2063384.2063405: 32-bit add, rotate and xor only. 12 rounds, as the design chose for speed.
 */
import { checkNumber, checkOptions } from './errors.ts'

export const ROTATIONS = [10, 26, 11, 21, 13, 27, 23, 5, 6, 20, 17, 11, 25, 10, 18, 20]
const PARITY = 0x1bd11bda
export const ROUNDS = 12

/** The key of four words, and their parity. */
export const scheduleOf = (key: Uint32Array): Uint32Array =>
  Uint32Array.of(...key, PARITY ^ key[0] ^ key[1] ^ key[2] ^ key[3])

/** Encrypts the block of four words at `at` in place. `rounds` is 20 in the published test vectors. */
export function threefry4x32(
  words: Uint32Array,
  at: number,
  schedule: Uint32Array,
  rounds: number = ROUNDS,
): void {
  let a = (words[at] + schedule[0]) | 0
  let b = (words[at + 1] + schedule[1]) | 0
  let c = (words[at + 2] + schedule[2]) | 0
  let d = (words[at + 3] + schedule[3]) | 0
  for (let round = 0; round < rounds; round++) {
    const r0 = ROTATIONS[(round % 8) * 2]
    const r1 = ROTATIONS[(round % 8) * 2 + 1]
    if (round % 2 === 0) {
      a = (a + b) | 0
      b = ((b << r0) | (b >>> (32 - r0))) ^ a
      c = (c + d) | 0
      d = ((d << r1) | (d >>> (32 - r1))) ^ c
    } else {
      a = (a + d) | 0
      d = ((d << r0) | (d >>> (32 - r0))) ^ a
      c = (c + b) | 0
      b = ((b << r1) | (b >>> (32 - r1))) ^ c
    }
    if (round % 4 === 3) {
      const s = (round + 1) / 4
      a = (a + schedule[s % 5]) | 0
      b = (b + schedule[(s + 1) % 5]) | 0
      c = (c + schedule[(s + 2) % 5]) | 0
      d = (d + schedule[(s + 3) % 5] + s) | 0
    }
  }
  words[at] = a
  words[at + 1] = b
  words[at + 2] = c
  words[at + 3] = d
}

/** What a draw depends on. Both are integers from 0 to 2^53 - 1; the default of each is 0. */
export interface Seed {
  /** Chooses the stream. */
  seed?: number
  /** Counts the calls, so that each training step draws anew. */
  step?: number
}

/** The key of a stream. @throws NormlabError naming `seed` or `step`. */
export function keyOf(of: Seed): Uint32Array {
  checkOptions('seed', of)
  const { seed = 0, step = 0 } = of
  for (const [name, value] of Object.entries({ seed, step }))
    checkNumber(name, value, [0, 1, Number.MAX_SAFE_INTEGER])
  return Uint32Array.of(seed, seed / 2 ** 32, step, step / 2 ** 32)
}

/**
 * `length` random words, uniform over 0 to 2^32 - 1. Word i is word i mod 4 of the block with counter floor(i / 4).
 * @throws NormlabError naming `seed` or `step`.
 */
export function randomWords(length: number, seed: Seed = {}): Uint32Array {
  checkNumber('length', length, [0, 1, 2 ** 31])
  const schedule = scheduleOf(keyOf(seed))
  const words = new Uint32Array(Math.ceil(length / 4) * 4)
  for (let i = 0; i < words.length; i += 4) {
    words[i] = i / 4
    threefry4x32(words, i, schedule)
  }
  return words.subarray(0, length)
}

/** `length` values of N(0, 1), by Box and Muller: value i comes from words 2 i and 2 i + 1. */
export function randomNormals(length: number, seed: Seed = {}): Float64Array {
  const words = randomWords(length * 2, seed)
  return Float64Array.from(
    { length },
    (_, i) =>
      Math.sqrt(-2 * Math.log((words[2 * i] + 1) / 2 ** 32)) *
      Math.cos((2 * Math.PI * words[2 * i + 1]) / 2 ** 32),
  )
}

/**
 * `length` kept (1) or dropped (0) elements. Element i is kept where its 16 bits are at least the threshold. The high eight
 * are byte i mod 16, the lowest first, of the block with counter floor(i / 16); the low eight are that byte of the block
 * whose counter has 1 as its second word, and matter only where the high ones equal the threshold's: so a mask takes little
 * more than a byte an element. A rate counts to 1 / 65536.
 */
export function bernoulli(length: number, rate: number, seed: Seed = {}): Uint8Array {
  const words = randomWords(Math.ceil(length / 4), seed)
  const schedule = scheduleOf(keyOf(seed))
  const [high, low] = splitThreshold(rate)
  const finer = new Uint32Array(4)
  let drawn = -1
  const kept = new Uint8Array(length)
  for (let i = 0; i < length; i++) {
    const byte = (words[i >> 2] >>> (8 * (i & 3))) & 255
    kept[i] = Number(byte >= high)
    if (byte !== high || low === 0) continue
    if (drawn !== i >> 4) {
      drawn = i >> 4
      finer.set([drawn, 1, 0, 0])
      threefry4x32(finer, 0, schedule)
    }
    kept[i] = Number(((finer[(i >> 2) & 3] >>> (8 * (i & 3))) & 255) >= low)
  }
  return kept
}

/** The threshold of a rate, its high and its low eight bits. (0, 0) keeps all, (256, 0) none: rate 0 and rate 1 are exact. */
export function splitThreshold(rate: number): [high: number, low: number] {
  const threshold = Math.round(rate * 65536)
  return [threshold >> 8, threshold & 255]
}
