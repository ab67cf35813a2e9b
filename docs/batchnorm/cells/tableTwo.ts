import { assert, near, param, table } from '@normlab/cell'
import { momentsOf, normalized, normals } from '../column.ts'
import { workedExample, type Epoch } from '../controls.ts'

const size = param('size', 2, { min: 2, max: 64, label: 'Batch size N' })
const { before, after } = workedExample()

// The two examples of the essay, and more of their kind where N asks for more.
const preActivations = ({ inputs, weight }: Epoch) => {
  const { mean, std } = momentsOf(inputs)
  return [...inputs, ...normals(size - 2, mean, std)].map((input) => input * weight)
}
const [one, two] = [preActivations(before), preActivations(after)]
export const moments = [momentsOf(one), momentsOf(two)]
const [oneOut, twoOut] = [normalized(one), normalized(two)]

table(
  [
    ['example', 'epoch 1: a w', 'normalized', 'epoch 2: a w', 'normalized'],
    ...one.slice(0, 8).map((z, i) => [i + 1, z, oneOut[i], two[i], twoOut[i]]),
  ],
  { digits: 3, caption: `With BatchNorm, ${size > 8 ? `the first 8 of ${size}` : `all ${size}`} examples` },
)
table(
  moments.map(({ mean, std }, i) => ({ epoch: i + 1, mean, 'standard deviation': std })),
  { digits: 3, caption: 'Statistics of the batch' },
)
export const moved = Math.abs(twoOut[0] - oneOut[0])
assert(
  size > 2 ||
    moments.some(({ std }) => std < 0.1) ||
    [...oneOut, ...twoOut].every((out) => near(Math.abs(out), 1, 1e-3)),
  'two examples that are not nearly equal: −1 and 1',
)
assert(
  [oneOut, twoOut].every((out) => near(momentsOf(out).mean, 0)),
  'of any number of examples, the mean is 0',
)
