import { assert, near, param, show } from '@normlab/cell'
import { batchNorm } from '@normlab/core'
import { valueSteps } from '@normlab/viz'
import { column, momentsOf, one } from '../column.ts'

const step = param('step', 6, { min: 1, max: 6, label: 'Step' })
const last = param('last', 9, { min: -20, max: 20, step: 0.5, label: 'The last example’s value' })
const gamma = param('gamma', 1.5, { min: -3, max: 3, step: 0.1, label: 'γ' })
const beta = param('beta', 2, { min: -3, max: 3, step: 0.1, label: 'β' })
const epsilon = 1e-5

// One neuron, a batch of six examples.
const x = [1, 3, 4, 4, 6, last]
const mean = x.reduce((a, b) => a + b) / x.length
const centred = x.map((value) => value - mean)
const variance = centred.reduce((sum, d) => sum + d * d, 0) / x.length
const standard = centred.map((d) => d / Math.sqrt(variance + epsilon))
const y = standard.map((value) => gamma * value + beta)

show((width) =>
  valueSteps(
    [
      { name: 'x', formula: 'one neuron’s values over the batch', values: x },
      { name: 'μ', formula: 'their sum / N', values: [mean] },
      { name: 'x − μ', formula: 'where each stands', values: centred },
      { name: 'σ²', formula: 'average of (x − μ)²', values: [variance], placed: false },
      { name: 'x̂', formula: '(x − μ) / √(σ² + ε)', values: standard },
      { name: 'y', formula: 'γ x̂ + β', values: y },
    ],
    { width, step, follow: 5 },
  ),
)

// The same in one call.
const whole = batchNorm.forward(column(x), { gamma: one(gamma), beta: one(beta) }, { epsilon })
export const outlier = standard[5]
const difference = Math.max(...whole.y.data.map((value, i) => Math.abs(value - y[i])))
assert(difference < 1e-12, 'batchNorm computes the same')
const after = momentsOf(y)
assert(near(after.mean, beta), 'the mean of y is β')
assert(near(after.std, Math.abs(gamma), 1e-3), 'the standard deviation of y is |γ|, but for ε')
