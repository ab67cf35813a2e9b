import { assert, param, show } from '@normlab/cell'
import { batchNorm } from '@normlab/core'
import { operatingFacts, operatingRange } from '@normlab/viz'
import { column, normals, one } from '../column.ts'

const mean = param('mean', 4, { min: -10, max: 10, step: 0.5, label: 'Mean of the pre-activations' })
const std = param('std', 3, { min: 0.1, max: 10, step: 0.1, label: 'Their standard deviation' })
const gamma = param('gamma', 1, { min: 0.1, max: 10, step: 0.1, label: 'γ' })
const beta = param('beta', 0, { min: -6, max: 6, step: 0.1, label: 'β' })
const activation = param('activation', 'sigmoid', {
  choices: ['sigmoid', 'tanh', 'relu'],
  label: 'Activation',
})

const z = normals(2000, mean, std)
const through = (g: number, b: number) => batchNorm.forward(column(z), { gamma: one(g), beta: one(b) }).y.data
const y = through(gamma, beta)

show((width) =>
  operatingRange(
    [
      { name: 'without normalization', tone: 'without', values: z },
      { name: `with BatchNorm, γ = ${gamma}, β = ${beta}`, tone: 'with', values: y },
    ],
    { width, activation },
  ),
)
export const without = operatingFacts(z, activation)
export const withNorm = operatingFacts(y, activation)
// A greater gamma brings the bends back into use.
export const wider = operatingFacts(through(4, 0), 'sigmoid')
export const plainSigmoid = operatingFacts(through(1, 0), 'sigmoid')
assert(plainSigmoid.linear > 0.98, 'with γ = 1 and β = 0 a sigmoid is nearly a line')
assert(wider.linear < plainSigmoid.linear, 'with γ = 4 it is less of one')

// What saturates: the slope at 10, as a share of the steepest.
export const atTen = {
  sigmoid: operatingFacts([10], 'sigmoid').slope,
  tanh: operatingFacts([10], 'tanh').slope,
  relu: operatingFacts([10], 'relu').slope,
}
assert(atTen.relu === 1 && atTen.sigmoid < 0.001, 'ReLU does not saturate above 0')
