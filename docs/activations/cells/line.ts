import { assert, near, table } from '@normlab/cell'
import { linear, normals, relu } from '../layer.ts'

// Two layers: 3 inputs to 8 units to 2 outputs, and 500 examples.
const x = normals(500 * 3, 1)
const [w1, w2] = [normals(3 * 8, 2), normals(8 * 2, 3)]
// The two layers' product, as one layer from 3 inputs to 2 outputs.
const both = linear(w1, w2, 8)

const one = linear(x, both, 3)
const gap = (values: Float64Array) => Math.max(...values.map((value, i) => Math.abs(value - one[i])))
export const without = gap(linear(linear(x, w1, 3), w2, 8))
const deep = linear(linear(x, w1, 3).map(relu), w2, 8)
export const withRelu = gap(deep)
table([
  { 'between the two layers': 'nothing', 'greatest difference from one layer': without },
  { 'between the two layers': 'ReLU', 'greatest difference from one layer': withRelu },
])
// A linear map gives -f(x) at -x. With ReLU it does not.
const mirrored = linear(
  linear(
    x.map((value) => -value),
    w1,
    3,
  ).map(relu),
  w2,
  8,
)
assert(without < 1e-12, 'two linear layers are one linear layer')
assert(withRelu > 1, 'with ReLU between them they are not')
assert(!near(mirrored[0], -deep[0], 0.01), 'and not even odd')
