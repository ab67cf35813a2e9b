import { assert, near, show } from '@normlab/cell'
import { batchNorm } from '@normlab/core'
import { valueGrid } from '@normlab/viz'
import { momentsOf } from '../column.ts'

// Six houses. Rows are examples; columns are features: rooms, area in square metres, price in thousands.
const shape = [6, 3]
const x = {
  data: Float64Array.of(2, 48, 210, 3, 75, 260, 3, 82, 330, 4, 96, 350, 5, 140, 610, 7, 183, 820),
  shape,
}
const { y } = batchNorm.forward(x)

show((width) =>
  valueGrid(
    [
      { label: 'a batch', ...x },
      { label: 'after BatchNorm', ...y },
    ],
    { width, digits: 1, plan: batchNorm.plan(shape) },
  ),
)

const feature = (data: ArrayLike<number>, c: number) => [0, 1, 2, 3, 4, 5].map((n) => data[n * 3 + c])
export const before = [0, 1, 2].map((c) => momentsOf(feature(x.data, c)))
const after = [0, 1, 2].map((c) => momentsOf(feature(y.data, c)))
assert(
  after.every(({ mean, std }) => near(mean, 0) && near(std, 1, 1e-5)),
  'every column has mean 0 and standard deviation 1',
)

// Area in square feet, price in units: the answers have no unit, so the table stays the same.
const other = { data: x.data.map((value, i) => value * [1, 10.764, 1000][i % 3]), shape }
const again = batchNorm.forward(other).y
assert(
  again.data.every((value, i) => near(value, y.data[i], 1e-4)),
  'other units, the same normalized table',
)
