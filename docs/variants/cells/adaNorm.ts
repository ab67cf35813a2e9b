import { show } from '@normlab/cell'
import { adaNorm } from '@normlab/core'
import { valueGrid } from '@normlab/viz'

// 2 examples, 3 positions and 4 channels.
const shape = [2, 3, 4]
const x = {
  data: Float32Array.from({ length: 24 }, (_, i) => Math.round(40 * Math.cos(i * i)) / 10 + 3),
  shape,
}
const { y } = adaNorm.forward(x)

show((width) =>
  valueGrid(
    [
      { label: 'x', ...x },
      { label: 'y', ...y },
    ],
    { width, plan: adaNorm.plan(shape) },
  ),
)
