import { assert, near, param, show, table } from '@normlab/cell'
import { lossContours } from '@normlab/viz'
import { descend } from '../descent.ts'
import { normal, standardize, type Point } from '../plane.ts'

const mean = param('mean', 2, { min: 0, max: 20, step: 0.5, label: 'Mean of the feature' })
const steps = param('steps', 20, { min: 0, max: 100, label: 'Steps' })

// One feature and a bias: the bias is the weight of a second feature, which is always 1.
const around0 = standardize(Array.from({ length: 200 }, () => [normal(), normal()]))
const y = around0.map(([x]) => 2 * x + 1)
const withMean = (m: number) =>
  descend(
    m ? `mean ${m}` : 'mean 0',
    around0.map(([x]): Point => [x + m, 1]),
    y,
    1,
    steps,
  )
const off = withMean(mean)
const centered = withMean(0)
show((width) =>
  lossContours(
    [
      { ...off.bowl, tone: 'without' },
      { ...centered.bowl, tone: 'with' },
    ],
    { width, xLabel: 'weight', yLabel: 'bias' },
  ),
)
export const left = { off: off.left, centered: centered.left }
export const means = [0, 1, 3, 5, 10].map((m) => ({ mean: m, condition: withMean(m).condition }))
table(means, { digits: 3, caption: 'Standard deviation 1, and only the mean differs' })
assert(near(centered.condition, 1, 1e-9), 'centered, the bowl is round')
