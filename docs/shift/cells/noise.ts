import { assert, param, table } from '@normlab/cell'
import { moments } from '../experiment/attribution.ts'
import { average, batchNoise, companyNoise } from '../experiment/measures.ts'
import { train, valuesOf, type Look } from '../training.ts'

const unit = param('neuron', 10, { min: 1, max: 24, label: 'Neuron of layer 5' })
const size = param('size', 32, { min: 2, max: 128, label: 'Batch size' })

function measured(looks: Look[], neuron = 10, batch = 32) {
  // How the mean moves as the weights change, on the same examples.
  const means = looks.slice(1).map((look) => moments(valuesOf(look, 5, neuron, 'linear')).mean)
  const steps = means.slice(1).map((mean, i) => Math.abs(mean - means[i]))
  return {
    // How it differs from batch to batch while every weight stands still.
    noise: batchNoise(valuesOf(looks[30], 5, neuron, 'linear'), batch, 1),
    moved: Math.abs(means[29] - means[0]),
    perEpoch: average(steps),
  }
}
const [plain, normed] = [train(), train({ norm: 'batch' })]
table(
  [plain, normed].map((looks, i) => {
    const { noise, moved, perEpoch } = measured(looks, unit, size)
    return {
      network: ['without normalization', 'with BatchNorm'][i],
      'noise of batch means': noise,
      'shift, epoch 1 to 30': moved,
      'shift in one epoch': perEpoch,
    }
  }),
  { digits: 2 },
)
// Neuron 10, batches of 32.
export const without = measured(plain)
export const withNorm = measured(normed)
// Behind BatchNorm: how one example's value differs with its company, on average over the examples.
const values = valuesOf(normed[30], 5, 10, 'linear')
export const company = companyNoise(values, 32, 1)
export const companyOfFour = companyNoise(values, 4, 1)
assert(without.moved > 2 * without.noise, 'without: thirty epochs move the mean well beyond the noise')
assert(without.perEpoch < without.noise, 'without: one epoch moves it less than two batches differ')
assert(withNorm.moved < withNorm.noise, 'with BatchNorm: the whole movement is smaller than the noise')
assert(companyOfFour > 2 * company, 'in batches of 4 the company matters more')
