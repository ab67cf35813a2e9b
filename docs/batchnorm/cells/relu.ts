import { assert, near, param, table } from '@normlab/cell'
import { batchNorm } from '@normlab/core'
import { column, momentsOf, normals, one } from '../column.ts'

const gamma = param('gamma', 0.5, { min: -3, max: 3, step: 0.1, label: 'γ' })
const beta = param('beta', 1, { min: -3, max: 3, step: 0.1, label: 'β' })

// One neuron's pre-activations over a large batch.
const z = normals(100_000, 3, 2)
const through = (values: Float64Array, g = 1, b = 0) =>
  batchNorm.forward(column(values), { gamma: one(g), beta: one(b) }).y.data
const relu = (values: ArrayLike<number>) => Float64Array.from(values, (value) => Math.max(value, 0))

export const linear = momentsOf(z)
export const normal = momentsOf(through(z))
export const next = momentsOf(relu(through(z)))
export const moved = momentsOf(through(z, gamma, beta))
export const movedNext = momentsOf(relu(through(z, gamma, beta)))
// The same for values that are not normal: evenly spread ones.
export const even = momentsOf(relu(through(Float64Array.from({ length: 100_000 }, () => Math.random()))))
table(
  [
    { 'what it is': 'what the linear layer gives', ...linear },
    { 'what it is': 'after BatchNorm, γ = 1, β = 0', ...normal },
    { 'what it is': 'then after ReLU: what the next layer gets', ...next },
    { 'what it is': `after BatchNorm, γ = ${gamma}, β = ${beta}`, ...moved },
    { 'what it is': 'then after ReLU', ...movedNext },
    { 'what it is': 'evenly spread values, γ = 1, β = 0, after ReLU', ...even },
  ],
  { digits: 3 },
)
// Half of a standard normal is cut off: its mean is 1 / sqrt(2 pi), its mean square 1/2.
const expected = 1 / Math.sqrt(2 * Math.PI)
assert(near(next.mean, expected, 0.005), 'after ReLU the mean is near 1 / √(2π)')
assert(
  near(next.std, Math.sqrt(0.5 - expected ** 2), 0.005),
  'and the standard deviation near √(1/2 − 1/(2π))',
)
