import { assert, table } from '@normlab/cell'
import { batchNorm, momentsOf } from '@normlab/core'

// Images stored channels first, 2 × 3 × 4 × 5: n, c, height, width. Channel c has mean 10 c.
const shape = [2, 3, 4, 5]
const data = Float64Array.from({ length: 120 }, (_, i) => 10 * (Math.floor(i / 20) % 3) + Math.random())
const x = { data, shape }

const meansOf = (y: { data: ArrayLike<number> }) => [
  ...momentsOf({ data: Float64Array.from(y.data), shape }, 'n s c -> c', { layout: 'nchw' }).mean,
]
const told = batchNorm.forward(x, {}, { training: true, layout: 'nchw' })
const untold = batchNorm.forward(x, {}, { training: true }) // takes the last axis, width, for c

const right = meansOf(told.y)
export const wrong = meansOf(untold.y)
table(
  right.map((mean, c) => ({ channel: c, 'mean after, layout told': mean, 'mean after, not told': wrong[c] })),
  { digits: 2 },
)
assert(
  right.every((mean) => Math.abs(mean) < 1e-9),
  'told the layout, every channel has mean 0',
)
assert(wrong[0] < -1 && wrong[2] > 1, 'not told, the channels stay apart, and no error says so')
