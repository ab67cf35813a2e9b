import { assert, table } from '@normlab/cell'
import { linear, normals, relu } from '../layer.ts'

// Two layers: 3 inputs to 8 units to 2 outputs, and 500 examples.
const x = normals(500 * 3, 1)
const [w1, w2] = [normals(3 * 8, 2), normals(8 * 2, 3)]
const hidden = linear(x, w1, 3)
// The product of both weights is one layer from 3 inputs to 2 outputs.
const one = linear(x, linear(w1, w2, 8), 3)

const farthest = (values: Float64Array) => Math.max(...values.map((value, i) => Math.abs(value - one[i])))
const nothing = farthest(linear(hidden, w2, 8))
export const withRelu = farthest(linear(hidden.map(relu), w2, 8))
table(
  [
    { 'between the two': 'nothing', 'greatest difference from one layer': nothing },
    { 'between the two': 'ReLU', 'greatest difference from one layer': withRelu },
  ],
  { digits: 6 },
)
assert(nothing < 1e-12, 'two linear layers are one linear layer')
assert(withRelu > 1, 'with ReLU between them they are not')
