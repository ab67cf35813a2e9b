import { moments } from './attribution.ts'
import { uniform } from './random.ts'

/** One unit's values out of [examples, units], row by row. */
export function unitValues(values: Float32Array, units: number, unit: number): Float32Array {
  return Float32Array.from({ length: values.length / units }, (_, row) => values[row * units + unit])
}

/** How far each unit's mean lies from where it was: one number a unit. */
export function meanMoves(before: Float32Array, after: Float32Array, units: number): number[] {
  return Array.from({ length: units }, (_, unit) =>
    Math.abs(moments(unitValues(after, units, unit)).mean - moments(unitValues(before, units, unit)).mean),
  )
}

export const average = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length

/**
 * How much a batch's mean differs from batch to batch while every weight stands still:
 * the standard deviation of the means of `draws` batches, drawn without replacement inside a batch.
 */
export function batchNoise(values: ArrayLike<number>, batch: number, seed: number, draws = 400): number {
  const draw = batches(values, batch, uniform(seed))
  return moments(Array.from({ length: draws }, () => moments(draw()).mean)).std
}

/**
 * How much one example's normalized value differs with the company that it meets in a batch, all weights standing
 * still: the standard deviation over `draws` batches, on average over the examples. A batch of one's own gives 0.
 */
export function companyNoise(values: ArrayLike<number>, batch: number, seed: number, draws = 60): number {
  const draw = batches(values, batch - 1, uniform(seed))
  const one = (value: number) => {
    const normalized = Array.from({ length: draws }, () => {
      const { mean, std } = moments([value, ...draw()])
      return std ? (value - mean) / std : 0
    })
    return moments(normalized).std
  }
  return average(Array.from(values, one))
}

/** Draws batches, each without replacement. */
function batches(values: ArrayLike<number>, batch: number, next: () => number): () => number[] {
  const size = Math.min(batch, values.length)
  const pool = Array.from(values)
  return () => {
    for (let i = 0; i < size; i++) {
      const j = i + Math.floor(next() * (pool.length - i))
      const kept = pool[i]
      pool[i] = pool[j]
      pool[j] = kept
    }
    return pool.slice(0, size)
  }
}
