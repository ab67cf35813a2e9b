import { param, show, table } from '@normlab/cell'
import { batchNorm, dropout, gaussianNoise, populationState, summaryOf } from '@normlab/core'
import { lossCurves } from '@normlab/viz'

const rate = param('rate', 0.5, { min: 0, max: 0.9, step: 0.05, label: 'Rate p' })

// 4,000 examples: BatchNorm -> ReLU -> dropout, then the next block's linear layer, 32 -> 16.
const [count, width, outputs] = [4000, 32, 16]
const z = { data: gaussianNoise.draw([count, width], { seed: 1 }), shape: [count, width] }
const relu = { ...z, data: Float64Array.from(batchNorm.forward(z).y.data, (value) => Math.max(value, 0)) }
const w = gaussianNoise.draw([width, outputs], { seed: 2 })
const next = (p: number, training: boolean) => {
  const { data } = dropout.forward(relu, {}, { rate: p, training, seed: 3 }).y
  const result = new Float64Array(count * outputs)
  for (let row = 0; row < count; row++)
    for (let i = 0; i < width; i++)
      for (let o = 0; o < outputs; o++)
        result[row * outputs + o] += data[row * width + i] * w[i * outputs + o]
  return { values: { data, shape: relu.shape }, z: { data: result, shape: [count, outputs] } }
}
const varianceOf = (x: { data: ArrayLike<number>; shape: number[] }) =>
  populationState([{ data: Float64Array.from(x.data), shape: x.shape }]).variance.data as Float64Array
const ratioOf = (p: number) => {
  const [t, i] = [varianceOf(next(p, true).z), varianceOf(next(p, false).z)]
  return t.reduce((sum: number, value: number, o: number) => sum + value / i[o], 0) / outputs
}
// Half of a normal variable: E[x²] = 1/2, mean 1/√(2π). Dropout keeps the mean, and divides E[x²] by 1 - p.
const theory = (p: number) => (0.5 / (1 - p) - 1 / (2 * Math.PI)) / (0.5 - 1 / (2 * Math.PI))

const rates = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
show((pixels) =>
  lossCurves(
    [
      { name: 'theory', phase: 'inference', points: rates.map((p) => [p, theory(p)] as const) },
      { name: 'measured', points: rates.map((p) => [p, ratioOf(p)] as const) },
    ],
    { width: pixels, xLabel: 'rate p', yLabel: 'variance in training / at inference' },
  ),
)
export const expected = theory(rate)
export const direct = summaryOf(next(rate, true).values.data).variance / summaryOf(relu.data).variance
export const ratio = ratioOf(rate)
// The next BatchNorm keeps what it saw in training, and divides by that at inference.
const state = populationState([next(rate, true).z])
const { y } = batchNorm.forward(next(rate, false).z, {}, { training: false, state })
export const std = Math.sqrt(summaryOf(y.data).variance)
table(
  [
    { where: 'after dropout itself', 'training / inference': direct },
    { where: 'at the next BatchNorm, behind a linear layer', 'training / inference': ratio },
    { where: 'theory', 'training / inference': expected },
  ],
  {
    digits: 3,
    caption: `Variance, rate ${rate}. After the next BatchNorm, at inference: standard deviation ${std.toFixed(2)}`,
  },
)
