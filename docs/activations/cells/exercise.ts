import { assert, near, table } from '@normlab/cell'
import { functions } from '../functions.ts'

const [w, b, x] = [[2, -1], 0.5, [1, 3]]
export const z = w[0] * x[0] + w[1] * x[1] + b
export const relu = functions.relu.value(z)
export const sigmoid = functions.sigmoid.value(z)
// A sigmoid can be undone: from its output back to its input.
export const back = Math.log(sigmoid / (1 - sigmoid))
table([{ z, ReLU: relu, sigmoid, 'back from the sigmoid': back }], { digits: 3 })
assert(near(back, z), 'the sigmoid loses nothing')
assert(relu === functions.relu.value(-7), 'ReLU does: another pre-activation gives the same')
