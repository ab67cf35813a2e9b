import { assert, param, show, table } from '@normlab/cell'
import { histograms } from '@normlab/viz'
import { columnOf, describe, linear, normals, rowOf } from '../layer.ts'

const unit = param('unit', 7, { min: 0, max: 63, label: 'Neuron' })
const example = param('example', 10, { min: 0, max: 255, label: 'Example' })

// The pre-activations of 64 neurons with 8 inputs and a bias each, over 256 examples.
const [units, inputs] = [64, 8]
const w = normals(inputs * units, 2, 0.25)
const z = linear(normals(256 * inputs, 1), w, inputs, normals(units, 3, 2))

const rows = [
  { label: `neuron ${unit}, over 256 examples`, values: columnOf(z, units, unit) },
  { label: `example ${example}, over 64 neurons`, values: rowOf(z, units, example) },
  { label: 'all neurons, over all examples', values: z },
]
show((width) => histograms(rows, { width, xLabel: 'pre-activation (dimensionless)' }))

export const [neuron, one, whole] = rows.map(({ values }) => describe(values))
const means = Array.from({ length: units }, (_, u) => describe(columnOf(z, units, u)).mean)
export const lowest = Math.min(...means)
export const highest = Math.max(...means)
table(
  rows.map(({ label, values }) => {
    const { mean, std } = describe(values)
    return { 'a histogram of': label, values: values.length, mean, std }
  }),
  { digits: 2 },
)
assert(whole.std > 1.5 * neuron.std, 'all together spread wider than one neuron')
