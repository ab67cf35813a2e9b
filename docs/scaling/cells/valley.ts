import { assert, param, show, table } from '@normlab/cell'
import { bowlFacts, lossContours } from '@normlab/viz'
import { descend } from '../descent.ts'
import { normal, pairs, standardize, type Point } from '../plane.ts'

const range = param('range', 5, { min: 1, max: 30, label: 'How much wider the second feature is' })
const rate = param('rate', 1, { min: 0.1, max: 1.2, step: 0.01, label: 'Learning rate, times the best' })
const steps = param('steps', 20, { min: 1, max: 100, label: 'Steps' })

// Two features that matter equally, and an answer. Then the second is measured in another unit.
const features = pairs(200)
const y = features.map(([a, b]) => 2 * a + 2 * b + 0.3 * normal())
const wide = features.map(([a, b]): Point => [a, range * b])

const raw = descend('as measured', wide, y, rate, steps)
const scaled = descend('standardized', standardize(wide), y, rate, steps)
show((width) =>
  lossContours(
    [
      { ...raw.bowl, tone: 'without' },
      { ...scaled.bowl, tone: 'with' },
    ],
    { width, xLabel: 'weight of feature 1', yLabel: 'weight of feature 2' },
  ),
)
export const condition = { raw: raw.condition, scaled: scaled.condition }
export const left = { raw: raw.left, scaled: scaled.left }
export const toThousandth = { raw: raw.toThousandth, scaled: scaled.toThousandth }
// With half of the best rate, the bowl is not reached in two steps any more.
export const atHalf = descend('standardized', standardize(wide), y, 0.5, steps).toThousandth
// The best weights differ as much as the ranges do, the other way round.
export const weightRatio = raw.minimum[0] / raw.minimum[1]
table(
  [raw, scaled].map((one) => ({
    features: one.bowl.name,
    'best w₁': one.minimum[0],
    'best w₂': one.minimum[1],
    'condition number': one.condition,
    'steps to a thousandth': one.toThousandth,
  })),
  { digits: 3 },
)
assert(
  scaled.condition <= raw.condition * (1 + 1e-9),
  'of all ways to rescale two features with mean 0, standardizing gives the smallest condition number',
)

// A hundredth of the first step, against the gradient; and as far the other way.
const [p, q] = raw.bowl.path![1].map((w) => w / 100)
const lossAt = (w: Point) => bowlFacts({ ...raw.bowl, path: [[0, 0], w] }).left
assert(lossAt([p, q]) < 1 && lossAt([-p, -q]) > 1, 'against the gradient the loss falls, along it it rises')
