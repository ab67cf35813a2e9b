import { assert, near, show } from '@normlab/cell'
import { qkNorm } from '@normlab/core'
import { valueGrid } from '@normlab/viz'

// 2 examples, 3 positions and 4 channels.
const shape = [2, 3, 4]
const x = {
  data: Float32Array.from({ length: 24 }, (_, i) => Math.round(40 * Math.cos(i * i)) / 10 + 3),
  shape,
}
const options = { h: 2 }
const { y } = qkNorm.forward(x, {}, options)

show((width) =>
  valueGrid(
    [
      { label: 'x', ...x },
      { label: 'y', ...y },
    ],
    { width, plan: qkNorm.plan(shape, options) },
  ),
)

const twice = qkNorm.forward(y, {}, options).y
const moved = Math.max(...twice.data.map((value, i) => Math.abs(value - y.data[i])))
assert(near(moved, 0, 1e-4), 'to normalize again changes nothing')

// Backward, and beside it the slope of <y, dy> along a direction, in float64.
const wave = (k: number) => Float64Array.from({ length: 24 }, (_, i) => Math.cos(k * i * i + 1))
const [dy, direction] = [wave(3), wave(5)]
const at = (h: number) => ({ data: direction.map((d, i) => x.data[i] + h * d), shape })
const inner = (a: ArrayLike<number>, b: Float64Array) => b.reduce((sum, value, i) => sum + a[i] * value, 0)
const loss = (h: number) => inner(qkNorm.forward(at(h), {}, options).y.data, dy)
const { dx } = qkNorm.backward({ data: dy, shape }, qkNorm.forward(at(0), {}, options).saved)
const slope = (loss(1e-5) - loss(-1e-5)) / 2e-5
assert(near(inner(dx.data, direction), slope, 1e-6), 'the gradient is the slope')
