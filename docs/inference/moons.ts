/** Two interleaved half circles, and batches of them. Math.random is seeded in a cell. */
import type { Data } from './network.ts'

/** @param mislabelled Share of wrong labels. */
export function moons(count: number, mislabelled: number): Data {
  const [x, y] = [new Float64Array(count * 2), new Float64Array(count)]
  const jitter = () => 0.3 * (Math.random() + Math.random() + Math.random() - 1.5)
  for (let i = 0; i < count; i++) {
    const [label, angle] = [i % 2, Math.PI * Math.random()]
    x[i * 2] = (label ? 1 - Math.cos(angle) : Math.cos(angle)) + jitter()
    x[i * 2 + 1] = (label ? 0.5 - Math.sin(angle) : Math.sin(angle)) + jitter()
    y[i] = Math.random() < mislabelled ? 1 - label : label
  }
  return { x, y }
}

export const pick = ({ x, y }: Data, size: number): Data => {
  const chosen = Array.from({ length: size }, () => Math.floor(Math.random() * y.length))
  return {
    x: Float64Array.from(chosen.flatMap((i) => [x[i * 2], x[i * 2 + 1]])),
    y: Float64Array.from(chosen, (i) => y[i]),
  }
}
