import { assert, near, show } from '@normlab/cell'
import { spectralNorm } from '@normlab/core'
import { valueGrid } from '@normlab/viz'

// 3 outputs and 4 inputs.
const shape = [3, 4]
const x = {
  data: Float32Array.from({ length: 12 }, (_, i) => Math.round(40 * Math.cos(i * i)) / 10 + 3),
  shape,
}
const { y } = spectralNorm.forward(x)

show((width) =>
  valueGrid(
    [
      { label: 'x', ...x },
      { label: 'y', ...y },
    ],
    { width, plan: spectralNorm.plan(shape) },
  ),
)

const twice = spectralNorm.forward(y).y
const moved = Math.max(...twice.data.map((value, i) => Math.abs(value - y.data[i])))
assert(near(moved, 0, 1e-4), 'to normalize again changes nothing')
