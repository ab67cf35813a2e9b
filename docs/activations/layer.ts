/** Linear layers on batches, and what their values are like. */
import { gaussianNoise, summaryOf } from '@normlab/core'

/** Normal values; the same for the same seed. */
export const normals = (count: number, seed: number, std = 1): Float64Array =>
  Float64Array.from(gaussianNoise.draw([count], { seed }), (value) => std * value)

/** x [examples, inputs] times w [inputs, units], and b for each unit. */
export function linear(x: Float64Array, w: Float64Array, inputs: number, b?: Float64Array): Float64Array {
  const [rows, units] = [x.length / inputs, w.length / inputs]
  const z = new Float64Array(rows * units)
  for (let n = 0; n < rows; n++)
    for (let u = 0; u < units; u++) {
      z[n * units + u] = b?.[u] ?? 0
      for (let i = 0; i < inputs; i++) z[n * units + u] += x[n * inputs + i] * w[i * units + u]
    }
  return z
}

/** One unit over the batch, or one example over the units. */
export const columnOf = (values: Float64Array, units: number, unit: number): Float64Array =>
  values.filter((_, i) => i % units === unit)
export const rowOf = (values: Float64Array, units: number, example: number): Float64Array =>
  values.slice(example * units, (example + 1) * units)

export function describe(values: ArrayLike<number>): { mean: number; std: number; zeros: number } {
  const { mean, variance } = summaryOf(values)
  const zeros = Array.from(values).filter((value) => value === 0).length / values.length
  return { mean, std: Math.sqrt(variance), zeros }
}
export const relu = (value: number): number => Math.max(value, 0)
