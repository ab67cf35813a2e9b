import { assert, table } from '@normlab/cell'
import { batchNorm, groupNorm, instanceNorm, layerNorm } from '@normlab/core'

const random = (shape: number[]) => ({
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.random()),
  shape,
})
const greatest = (y: ArrayLike<number>) => Math.max(...Array.from(y, Math.abs))

// Cells of one value: its mean is itself, and nothing is left. Then cells of two: a sign is left.
const cases = [
  { what: 'BatchNorm, a batch of 1', y: batchNorm.forward(random([1, 8]), {}, { training: true }).y.data },
  { what: 'LayerNorm, 1 feature', y: layerNorm.forward(random([16, 1])).y.data },
  { what: 'InstanceNorm, images of 1 × 1', y: instanceNorm.forward(random([4, 1, 1, 8])).y.data },
  {
    what: 'GroupNorm, as many groups as channels, 1 × 1',
    y: groupNorm.forward(random([4, 1, 1, 8]), {}, { g: 8 }).y.data,
  },
  { what: 'LayerNorm, 2 features', y: layerNorm.forward(random([16, 2])).y.data },
]
table(
  cases.map(({ what, y }) => ({ what, 'greatest output': greatest(y) })),
  { digits: 3 },
)
assert(
  cases.slice(0, 4).every(({ y }) => greatest(y) === 0),
  'where a cell has one value, every output is 0',
)
export const ofTwo = greatest(cases[4].y)
assert(ofTwo > 0.99 && ofTwo <= 1, 'where it has two, they are −1 and 1')
