/** One feature over a batch: what BatchNorm takes its statistics from. */
import { batchNorm } from '@normlab/core'

/** A batch with one feature: [count, 1]. */
export const column = (values: ArrayLike<number>) => ({
  data: Float64Array.from(values),
  shape: [values.length, 1],
})

/** One number for the one feature. */
export const one = (value: number) => ({ data: Float64Array.of(value), shape: [1] })

/** Batch statistics. The standard deviation divides by N, as the paper's does. */
export function momentsOf(values: ArrayLike<number>): { mean: number; std: number } {
  const list = Array.from(values)
  const mean = list.reduce((a, b) => a + b) / list.length
  return { mean, std: Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length) }
}

/** The normalized values, without gamma and beta. */
export const normalized = (values: ArrayLike<number>, epsilon = 1e-5) => [
  ...batchNorm.forward(column(values), {}, { epsilon }).y.data,
]

/** Normal values, by Box and Muller. Math.random is seeded in a cell. */
export const normals = (count: number, mean = 0, std = 1): Float64Array =>
  Float64Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random()))
    return mean + std * radius * Math.cos(2 * Math.PI * Math.random())
  })

/** The worked example: one neuron with one input and no bias, two examples, before and after an update. */
export const worked = {
  before: { inputs: [2, 3], weight: 0.5 },
  after: { inputs: [2.5, 4], weight: 0.3 },
}
