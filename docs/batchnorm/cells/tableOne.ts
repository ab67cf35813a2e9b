import { assert, near, table } from '@normlab/cell'
import { momentsOf } from '../column.ts'
import { workedExample } from '../controls.ts'

const { before, after } = workedExample()
const epochs = [before, after].map(({ inputs, weight }) => inputs.map((input) => input * weight))
table(
  [before, after].flatMap(({ inputs, weight }, epoch) =>
    inputs.map((input, i) => ({
      epoch: epoch + 1,
      example: i + 1,
      'input a': input,
      'weight w': weight,
      'pre-activation a w': epochs[epoch][i],
      ReLU: Math.max(epochs[epoch][i], 0),
    })),
  ),
  { digits: 3, caption: 'Without normalization' },
)
export const moments = epochs.map(momentsOf)
// How slight is the shift of the inputs?
const inputs = [before, after].map((epoch) => momentsOf(epoch.inputs))
export const shift = {
  mean: inputs[1].mean / inputs[0].mean - 1,
  std: inputs[1].std / inputs[0].std - 1,
}
export const change = moments[1].mean - moments[0].mean

// Who moved it? The weight alone, with the old inputs; then the inputs, with the new weight.
export const own = inputs[0].mean * (after.weight - before.weight)
export const upstream = (inputs[1].mean - inputs[0].mean) * after.weight
assert(near(own + upstream, change), 'own and upstream add up to the change of the mean')
