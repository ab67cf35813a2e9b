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
  Object.values(ways).flatMap((rows) =>
    rows.map(({ label, values }) => ({ point: label, ...describe(values) })),
  ),
  { digits: 3 },
)
export const raw = describe(z)
export const before = { norm: describe(usual.norm), a: describe(usual.a) }
export const after = { a: describe(late.a), norm: describe(late.norm) }
export const negative = late.norm.filter((value) => value < 0).length / z.length
assert(
  near(before.norm.mean, 0, 1e-6) && near(before.norm.std, 1, 1e-4),
  'before: the pre-activations have mean 0, std 1',
)
assert(before.a.mean > 0.35 && before.a.std < 0.65, 'before: the activations have not')
assert(near(after.norm.mean, 0, 1e-6) && near(after.norm.std, 1, 1e-4), 'after: the activations have')
