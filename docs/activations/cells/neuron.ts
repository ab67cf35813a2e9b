import { assert, near, param, show, table } from '@normlab/cell'
import { flow } from '@normlab/viz'
import { functions, type FunctionName } from '../functions.ts'

const f = param('f', 'relu', { choices: ['relu', 'sigmoid', 'tanh', 'silu'], label: 'Function' })
const bias = param('bias', 1, { min: -3, max: 3, step: 0.1, label: 'Bias b' })
const { label, value } = functions[f as FunctionName]

const x = [1.2, 0.8, -0.5]
const w = [0.5, -1, 0.4]
export const z = x[0] * w[0] + x[1] * w[1] + x[2] * w[2] + bias // linear
export const a = value(z) // the activation function, on this one number

const linear = { label: 'Linear', detail: 'w · x + b', passes: ['z', z.toFixed(2)] }
const activation = { label: 'Activation', detail: label, passes: ['a', a.toFixed(2)] }
show((width) =>
  flow([{ label: 'Input', passes: 'x' }, linear, activation, { label: 'Next layer' }], { width }),
)

const each = Object.values(functions)
table(
  each.map((of) => ({ function: of.label, 'z, before': z, 'a, after': of.value(z), slope: of.slope(z) })),
  { digits: 3 },
)
// The slope is the rise over a very short way.
const rise = (of: (z: number) => number) => (of(z + 1e-5) - of(z - 1e-5)) / 2e-5
assert(
  each.every((of) => near(rise(of.value), of.slope(z), 1e-6)),
  'each slope is right',
)
