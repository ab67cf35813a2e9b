import { randomNormals } from '../random.ts'

/** Seeded standard normal values. */
export function normals(length: number, seed: number): Float64Array {
  return randomNormals(length, { seed })
}
