import { assert, param, table } from '@normlab/cell'
import { batchNorm } from '@normlab/core'
import { column, momentsOf, normals, one } from '../column.ts'

const size = param('size', 8, { min: 2, max: 256, label: 'Batch size' })
const epsilon = 1e-5
const through = (values: Float64Array, gamma: number, beta: number) =>
  batchNorm.forward(column(values), { gamma: one(gamma), beta: one(beta) }, { epsilon }).y.data
const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])))

// This batch's own sigma and mu as gamma and beta: what comes out is what went in.
const x = normals(size, 3, 2)
const { mean, std } = momentsOf(x)
const sigma = Math.sqrt(std ** 2 + epsilon)
export const own = furthest(through(x, sigma, mean), x)
assert(own < 1e-12, 'γ = √(σ² + ε), β = μ: the identity, to rounding')
export const plain = furthest(through(x, std, mean), x)

// But gamma and beta stay, and the next batch has another mu and sigma. 400 batches with the sigma and mu of all examples.
const distance = (n: number) => {
  const squares = Array.from({ length: 400 }, () => {
    const batch = normals(n, 3, 2)
    const y = through(batch, 2, 3)
    return batch.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / n
  })
  return Math.sqrt(squares.reduce((a, b) => a + b) / squares.length)
}
export const others = [2, 8, 32, 128, 512].map((N) => ({ N, misses: distance(N) }))
table(
  others.map(({ N, misses }) => ({ 'batch of': N, 'misses x by': misses })),
  { digits: 3, caption: 'γ = 2, β = 3 on new batches' },
)
