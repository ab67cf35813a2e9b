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
    { width, xLabel: 'value over 2,000 examples' },
  ),
)
table(
  [relu, sigmoid, tanh, silu].map(({ label, slope }) => ({
    'slope of': label,
    'at −10': slope(-10),
    'at −2': slope(-2),
    'at 0': slope(0),
    'at 2': slope(2),
    'at 10': slope(10),
  })),
  { digits: 5 },
)
export const atTen = { relu: relu.slope(10), sigmoid: sigmoid.slope(10) }
assert(sigmoid.slope(10) < 1e-4 && tanh.slope(10) < 1e-4, 'far above 0, sigmoid and tanh are flat')
assert(relu.slope(10) === 1, 'ReLU is not')
assert(relu.slope(-10) === 0, 'below 0, ReLU is')
