/** What one neuron gives, batch after batch: normal with mean 3 and standard deviation 2, so variance 4. */
export const MEAN = 3
export const STD = 2

/** Normal values of the stream, by Box and Muller. Math.random is seeded in a cell. */
export function values(count: number): Float64Array {
  return Float64Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random()))
    return MEAN + STD * radius * Math.cos(2 * Math.PI * Math.random())
  })
}

/** A batch of one neuron: [count, 1]. */
export const batch = (data: Float64Array) => ({ data, shape: [data.length, 1] })
