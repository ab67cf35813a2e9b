import { assert, table } from '@normlab/cell'
import { batchNorm, foldBatchNorm } from '@normlab/core'

const tensor = (shape: number[], data: number[]) => ({ data: Float64Array.from(data), shape })

// Three inputs, two outputs, then BatchNorm as training left it.
const kernel = tensor([3, 2], [0.5, -1, 2, 0.3, -0.7, 1.5])
const bias = tensor([2], [0.1, -0.2])
const gamma = tensor([2], [1.5, 0.8])
const beta = tensor([2], [0.2, -1])
const state = { mean: tensor([2], [3, -1]), variance: tensor([2], [4, 0.25]), count: 100 }

const linear = (x: { data: Float64Array; shape: number[] }, w: Float64Array, b: Float64Array) =>
  tensor(
    [x.shape[0], 2],
    Array.from({ length: x.shape[0] * 2 }, (_, i) => {
      const [row, out] = [Math.floor(i / 2), i % 2]
      return b[out] + [0, 1, 2].reduce((sum, k) => sum + x.data[row * 3 + k] * w[k * 2 + out], 0)
    }),
  )

const x = tensor([4, 3], [1, 2, 3, -1, 0, 5, 2, 2, -2, 0.5, -3, 1])
const apart = batchNorm.forward(
  linear(x, kernel.data, bias.data),
  { gamma, beta },
  { training: false, state },
).y
const folded = foldBatchNorm({ kernel, bias }, { gamma, beta, state })
const together = linear(x, folded.kernel.data as Float64Array, folded.bias.data as Float64Array)

table(
  [0, 1, 2, 3].map((row) => ({
    example: row + 1,
    'linear, then BatchNorm': apart.data[row * 2],
    'folded linear': together.data[row * 2],
  })),
  { digits: 4, caption: 'First output' },
)
export const difference = Math.max(...together.data.map((value, i) => Math.abs(value - apart.data[i])))
assert(difference < 1e-12, 'both give the same, to the last bits')
export const weights = { before: [...kernel.data], after: [...folded.kernel.data] }
