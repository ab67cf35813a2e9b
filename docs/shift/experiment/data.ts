import { normal, shuffled, uniform } from './random.ts'

/** Examples as rows: x is [count, features], y holds class numbers from 0. */
export interface Dataset {
  readonly x: Float32Array
  readonly y: Int32Array
  readonly count: number
  readonly features: number
  readonly classes: number
}

/** Three arms that wind around each other, 600 points. */
export function spirals(seed: number, count = 600, arms = 3, noise = 0.18): Dataset {
  const next = uniform(seed)
  const noisy = normal(next)
  return points(count, arms, (i) => {
    const arm = i % arms
    const r = Math.sqrt((i + 1) / count)
    const angle = 4.2 * r + (2 * Math.PI * arm) / arms + noise * noisy()
    return [r * Math.cos(angle), r * Math.sin(angle), arm]
  })
}

/** Two half moons, one hooked into the other, 600 points. */
export function moons(seed: number, count = 600, noise = 0.12): Dataset {
  const next = uniform(seed)
  const noisy = normal(next)
  return points(count, 2, (i) => {
    const moon = i % 2
    const angle = Math.PI * next()
    const sign = moon ? -1 : 1
    return [
      moon + sign * Math.cos(angle) + noise * noisy(),
      moon * 0.5 + sign * Math.sin(angle) + noise * noisy(),
      moon,
    ]
  })
}

function points(count: number, classes: number, at: (i: number) => [number, number, number]): Dataset {
  const x = new Float32Array(count * 2)
  const y = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const [first, second, label] = at(i)
    x[2 * i] = first
    x[2 * i + 1] = second
    y[i] = label
  }
  return { x, y, count, features: 2, classes }
}

/** The rows of `picked`, in that order. */
export function pick(data: Dataset, picked: ArrayLike<number>): Dataset {
  const { features } = data
  const x = new Float32Array(picked.length * features)
  const y = new Int32Array(picked.length)
  for (let row = 0; row < picked.length; row++) {
    x.set(data.x.subarray(picked[row] * features, (picked[row] + 1) * features), row * features)
    y[row] = data.y[picked[row]]
  }
  return { ...data, x, y, count: picked.length }
}

/** Each column to mean 0 and standard deviation 1; a constant column to zeros. */
export function standardize(data: Dataset): Dataset {
  const { count, features } = data
  const x = new Float32Array(data.x.length)
  for (let column = 0; column < features; column++) {
    let mean = 0
    for (let row = 0; row < count; row++) mean += data.x[row * features + column] / count
    let variance = 0
    for (let row = 0; row < count; row++) variance += (data.x[row * features + column] - mean) ** 2 / count
    const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0
    for (let i = column; i < x.length; i += features) x[i] = (data.x[i] - mean) * scale
  }
  return { ...data, x }
}

export interface Split {
  readonly train: Dataset
  readonly test: Dataset
  /** The examples that are watched: up to 256 of the training examples, always the same ones. */
  readonly probe: Dataset
}

/** Standardized, shuffled by the seed, a fifth kept back for the test. */
export function split(data: Dataset, seed: number): Split {
  const mixed = pick(standardize(data), shuffled(data.count, uniform(seed ^ 0x51ed)))
  const cut = Math.max(1, data.count - Math.max(1, Math.round(data.count / 5)))
  const rows = (from: number, to: number) =>
    pick(
      mixed,
      Array.from({ length: to - from }, (_, i) => from + i),
    )
  return { train: rows(0, cut), test: rows(cut, data.count), probe: rows(0, Math.min(256, cut)) }
}
