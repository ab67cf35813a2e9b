import { assert, near, param, table } from '@normlab/cell'
import { batchNorm } from '@normlab/core'
import { column, normalized } from '../column.ts'

const a = param('a', 1, { min: -1000, max: 1000, label: 'One value' })
const b = param('b', 1000, { min: -1000, max: 1000, label: 'The other' })

// Distinct pairs, however far apart; epsilon 0, so that nothing softens it.
const pairs = [
  [1, 1.5],
  [0.75, 1.2],
  [a, b],
  [-7, 5000],
  [1, 1.001],
]
const outputs = pairs.map((pair) => normalized(pair, 0))
table(
  [
    ['one', 'other', 'one, ε = 0', 'other, ε = 0', 'one, usual ε', 'other, usual ε'],
    ...pairs.map((pair, i) => [...pair, ...outputs[i], ...normalized(pair)]),
  ],
  { digits: 4, caption: 'Two examples, one feature. The usual ε is 0.00001' },
)
assert(
  outputs.every(([p, q], i) => pairs[i][0] === pairs[i][1] || (near(Math.abs(p), 1) && near(p + q, 0))),
  'one becomes −1 and the other 1, whatever they are',
)
export const close = normalized([1, 1.001])[1]

// An output that cannot change passes nothing backward: whatever the loss asks for, x need not move.
const { saved } = batchNorm.forward(column([a, b]), {}, { epsilon: 0 })
const { dx } = batchNorm.backward(column([0.3, -2]), saved)
export const gradient = Math.max(...dx.data.map(Math.abs))
assert(a === b || gradient < 1e-9, 'the gradient with respect to x is 0')
