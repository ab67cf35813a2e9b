import { assert, near, table } from '@normlab/cell'
import { draw, kurtosis, scalings, shapes, skewness } from '../values.ts'

const methods = ['min-max', 'standardize'] as const
const rows = Object.entries(shapes).map(([name, one]) => {
  const values = draw(1000, one)
  const scaled = methods.map((method) => values.map(scalings[method](values)))
  return {
    name,
    skewness: [values, ...scaled].map(skewness),
    kurtosis: [values, ...scaled].map(kurtosis),
  }
})
table(
  rows.map(({ name, skewness: s, kurtosis: k }) => ({
    values: name,
    skewness: s[0],
    'after min-max': s[1],
    'after standardizing': s[2],
    kurtosis: k[0],
    'after min-max ': k[1],
    'after standardizing ': k[2],
  })),
  { digits: 3 },
)
assert(
  rows.every(({ skewness: s, kurtosis: k }) =>
    [s, k].every((of) => of.every((v) => near(v / of[0], 1, 1e-6))),
  ),
  'neither scaling changes the shape',
)

// One value of each shape is 1 on one scale. On another it is the same, moved and stretched.
const values = draw(1000, shapes.skewed)
const [mm, z] = methods.map((method) => scalings[method](values))
const slope = z(1) - z(0)
assert(
  values.every((value) => near(z(value), z(0) + ((mm(value) - mm(0)) * slope) / (mm(1) - mm(0)), 1e-9)),
  'one is a straight line of the other',
)
