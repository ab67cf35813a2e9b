import { randomWords } from '../random.ts'

/** Seeded standard normal values (Box-Muller). */
export function normals(length: number, seed: number): Float64Array {
  const words = randomWords(length * 2, { seed })
  return Float64Array.from(
    { length },
    (_, i) =>
      Math.sqrt(-2 * Math.log((words[2 * i] + 1) / 2 ** 32)) *
      Math.cos((2 * Math.PI * words[2 * i + 1]) / 2 ** 32),
  )
}
