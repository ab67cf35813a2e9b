import { assert, near, param, show, table } from '@normlab/cell'
import { batchNorm } from '@normlab/core'
import { histograms, type HistogramRow } from '@normlab/viz'
import { describe, linear, normals, relu } from '../layer.ts'

const order = param('order', 'before', { choices: ['before', 'after'], label: 'BatchNorm stands' })

// One neuron with 20 inputs, over 5,000 examples.
const z = linear(normals(5000 * 20, 1), normals(20, 2, 0.6), 20, Float64Array.of(1.5))
const normalize = (values: Float64Array) =>
  batchNorm.forward({ data: values, shape: [values.length, 1] }).y.data as Float64Array

const usual = { norm: normalize(z), a: normalize(z).map(relu) }
const late = { a: z.map(relu), norm: normalize(z.map(relu)) }
const ways: Record<string, HistogramRow[]> = {
  before: [
    { label: 'z, pre-activation', values: z, fill: 'open' },
    { label: 'BatchNorm(z), pre-activation', values: usual.norm, fill: 'hatched' },
    { label: 'ReLU(BatchNorm(z)), activation', values: usual.a },
  ],
  after: [
    { label: 'z, pre-activation', values: z, fill: 'open' },
    { label: 'ReLU(z), activation', values: late.a },
    { label: 'BatchNorm(ReLU(z)), activation', values: late.norm, fill: 'hatched' },
  ],
}
show((width) =>
  histograms(ways[order], { width, threads: 18, xLabel: 'value over 5,000 examples (dimensionless)' }),
)
table(
  ways[order].map(({ label, values }) => {
    const { mean, std, zeros } = describe(values)
    return { point: label, mean, std, 'exactly 0': zeros }
  }),
  { digits: 3 },
)
export const activations = describe(usual.a)
export const negative = late.norm.filter((value) => value < 0).length / z.length
const isNormal = (values: Float64Array) =>
  near(describe(values).mean, 0, 1e-6) && near(describe(values).std, 1, 1e-4)
assert(isNormal(usual.norm), 'before: the pre-activations have mean 0 and standard deviation 1')
assert(!isNormal(usual.a) && activations.mean > 0.35, 'before: the activations have not')
assert(isNormal(late.norm), 'after: the activations have')
