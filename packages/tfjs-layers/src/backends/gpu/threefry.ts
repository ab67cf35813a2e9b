/** Rounds of Threefry-4x32 as statements, for WGSL and GLSL ES 3.00. Core's random.ts has the source and the constants. */
import { ROTATIONS, ROUNDS } from '@normlab/core/kernels'

/**
 * @param block a vector of four words to which the key is added already. `rotate(word, by)` and an array `key` of five
 * words are declared.
 */
export function threefry(block: string): string {
  const word = (i: number) => `${block}.${'xyzw'[i]}`
  const lines: string[] = []
  const mix = (a: number, b: number, by: number) =>
    lines.push(
      `${word(a)} = ${word(a)} + ${word(b)};`,
      `${word(b)} = rotate(${word(b)}, ${by}u) ^ ${word(a)};`,
    )
  for (let round = 0; round < ROUNDS; round++) {
    const [r0, r1] = [0, 1].map((i) => ROTATIONS[(round % 8) * 2 + i])
    const odd = round % 2
    mix(0, odd ? 3 : 1, r0)
    mix(2, odd ? 1 : 3, r1)
    if (round % 4 !== 3) continue
    const s = (round + 1) / 4
    for (let i = 0; i < 4; i++)
      lines.push(`${word(i)} = ${word(i)} + key[${(s + i) % 5}]${i === 3 ? ` + ${s}u` : ''};`)
  }
  return lines.join('\n  ')
}
