import { param, show, table } from '@normlab/cell'
import { batchNorm, histogramOf, summaryOf } from '@normlab/core'
import { ridgeline } from '@normlab/viz'
import { batch, MEAN, STD, values } from '../stream.ts'

const mine = param('mine', 4.5, { min: -3, max: 9, step: 0.5, label: 'The example’s value' })

// The same example in 400 batches of each size. Only its company changes.
const sizes = [2, 4, 16, 64, 256]
const answers = sizes.map((size) =>
  Float64Array.from({ length: 400 }, () => {
    const others = values(size)
    others[0] = mine
    return batchNorm.forward(batch(others)).y.data[0]
  }),
)

const range = { min: -3, max: 3, bins: 60 }
const distributions = sizes.map((size, i) => ({
  epoch: size,
  layer: 'one example',
  unit: null,
  side: 'pre' as const,
  histogram: histogramOf(answers[i], range),
  summary: summaryOf(answers[i]),
}))
show((width) =>
  ridgeline(
    { format: 'normlab-distributions-1', distributions },
    {
      width,
      tone: 'with',
      domain: [-3, 3],
      smooth: false,
      ghost: false,
      note: false,
      heights: 'peak',
      xLabel: 'normalized value of the same example (dimensionless)',
      rowLabel: ({ epoch }) => `batch of ${epoch}`,
    },
  ),
)

// With statistics that were settled before, there is one answer.
export const settled = (mine - MEAN) / STD
export const scatter = distributions.map(({ summary }) => Math.sqrt(summary.variance))
export const signsOnly = answers[0].filter((value) => Math.abs(value) > 0.99).length / answers[0].length
table(
  sizes.map((size, i) => ({
    'batch of': size,
    mean: distributions[i].summary.mean,
    'standard deviation': scatter[i],
  })),
  { digits: 3, caption: `Training: what the example becomes. At inference: ${settled.toFixed(3)}` },
)
