import { assert, near, param, table } from '@normlab/cell'
import { momentsOf, normalized, normals, worked } from '../column.ts'

const size = param('size', 2, { min: 2, max: 64, label: 'Batch size N' })
const { before, after } = worked
const wBefore = param('weight', before.weight, { min: -5, max: 5, step: 0.1, label: 'Epoch 1: weight' })
const wAfter = param('weightAfter', after.weight, { min: -5, max: 5, step: 0.1, label: 'Epoch 2: weight' })

// The two examples of the essay, and more of their kind where N asks for more.
const more = (inputs: number[]) => {
  const { mean, std } = momentsOf(inputs)
  return [...inputs, ...normals(size - 2, mean, std)]
}
const [one, two] = [
  more(before.inputs).map((input) => input * wBefore),
  more(after.inputs).map((input) => input * wAfter),
]
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
assert(size > 2 || near(Math.abs(oneOut[0]), 1, 1e-3) || wBefore === 0, 'two examples: −1 and 1')
assert(
  [oneOut, twoOut].every((out) => near(momentsOf(out).mean, 0)),
  'whatever the size, the mean is 0',
)
