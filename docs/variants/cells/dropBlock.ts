import { show } from '@normlab/cell'
import { dropBlock } from '@normlab/core'
import { valueGrid } from '@normlab/viz'

// 2 examples, 3 positions and 4 channels, drawn for twice. The same seed and step draw the same again.
const shape = [2, 3, 4]
const x = {
  data: Float32Array.from({ length: 24 }, (_, i) => Math.round(40 * Math.cos(i * i)) / 10 + 3),
  shape,
}
const drawn = (step: number) => dropBlock.forward(x, {}, { rate: 0.3, block: 2, seed: 1, step }).y

show((width) =>
  valueGrid(
    [
      { label: 'x', ...x },
      { label: 'y at step 0', ...drawn(0) },
      { label: 'y at step 1', ...drawn(1) },
    ],
    { width, plan: dropBlock.plan(shape) },
  ),
)

// Over many steps: what a y is on average, beside x.
const steps = 2000
const sum = new Float64Array(24)
for (let step = 0; step < steps; step++) drawn(step).data.forEach((value, i) => (sum[i] += value))
export const meanOfX = x.data.reduce((a, b) => a + b) / 24
export const meanOfY = sum.reduce((a, b) => a + b) / 24 / steps
