import { assert, param, show } from '@normlab/cell'
import { batchNorm } from '@normlab/core'
import { valueSteps } from '@normlab/viz'
import { column, normalized, one } from '../column.ts'

const gamma = param('gamma', 1.5, { min: -3, max: 3, step: 0.1, label: 'γ' })
const beta = param('beta', -1, { min: -3, max: 3, step: 0.1, label: 'β' })

const x = [1, 3, 4, 4, 6, 9]
const relu = (value: number) => Math.max(value, 0)
const { y } = batchNorm.forward(column(x), { gamma: one(gamma), beta: one(beta) })
export const right = [...y.data].map(relu)
export const late = normalized(x).map((value) => gamma * relu(value) + beta)

show((width) =>
  valueSteps(
    [
      { name: 'x̂', values: normalized(x) },
      { name: 'ReLU(γ x̂ + β)', formula: 'BatchNorm', values: right },
      { name: 'γ ReLU(x̂) + β', formula: 'γ and β too late', values: late },
    ],
    { width },
  ),
)
const positive = (values: number[]) => values.filter((value) => value > 0).length
export const firing = { right: positive(right), atZero: positive(normalized(x)) }
assert(
  right.every((value) => value >= 0),
  'ReLU comes last: nothing is below 0',
)
