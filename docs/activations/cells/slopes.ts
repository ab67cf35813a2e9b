import { assert, show, table } from '@normlab/cell'
import { histograms } from '@normlab/viz'
import { functions } from '../functions.ts'
import { normals } from '../layer.ts'

// The same pre-activations through each function, and the slope that each meets far out.
const z = normals(2000, 1, 3)
const { relu, sigmoid, tanh, silu } = functions
show((width) =>
  histograms(
    [
      { label: 'pre-activations', values: z, fill: 'open' },
      ...[relu, sigmoid, tanh, silu].map(({ label, value }) => ({ label, values: z.map(value) })),
    ],
    { width, xLabel: 'value over 2,000 examples (dimensionless)' },
  ),
)
const at = [-10, -2, 0, 2, 10]
table(
  [relu, sigmoid, tanh, silu].map(({ label, slope }) => ({
    'slope of': label,
    ...Object.fromEntries(at.map((where) => [`at ${where}`, slope(where)])),
  })),
  { digits: 4 },
)
export const atTen = { relu: relu.slope(10), sigmoid: sigmoid.slope(10), tanh: tanh.slope(10) }
export const below = { relu: relu.slope(-10), silu: silu.slope(-10) }
assert(
  atTen.relu === 1 && atTen.sigmoid < 1e-4 && atTen.tanh < 1e-4,
  'above 0 ReLU does not saturate; the others do',
)
assert(below.relu === 0, 'below 0 ReLU is flat')
