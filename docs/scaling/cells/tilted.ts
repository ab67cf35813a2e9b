import { assert, near, param, show } from '@normlab/cell'
import { lossContours } from '@normlab/viz'
import { descend } from '../descent.ts'
import { normal, pairs, standardize, times, whiteners, type Point } from '../plane.ts'

const correlation = param('correlation', 0.85, { min: -0.99, max: 0.99, step: 0.01, label: 'Correlation' })
const range = param('range', 3, { min: 1, max: 10, step: 0.5, label: 'How much wider the second feature is' })
const steps = param('steps', 10, { min: 0, max: 100, label: 'Steps' })

// Both features, correlated; the answer is the first less the second.
const features = pairs(200, correlation)
const y = features.map(([a, b]) => 2 * a - b + 0.1 * normal())
const wide = features.map(([a, b]): Point => [a, range * b])
const standardized = standardize(wide)
const { zca } = whiteners(standardized)
const white = standardized.map((point) => times(zca, point))

const raw = descend('as measured', wide, y, 1, steps)
const scaled = descend('standardized', standardized, y, 1, steps)
const whitened = descend('whitened', white, y, 1, steps)
show((width) => lossContours([raw.bowl, scaled.bowl, whitened.bowl], { width }))
export const conditions = [raw, scaled, whitened].map(({ condition }) => condition)
export const left = [raw, scaled, whitened].map((one) => one.left)
const r = Math.abs(scaled.bowl.hessian[1])
assert(
  near(scaled.condition, (1 + r) / (1 - r), 1e-6),
  'standardized, the condition number is (1 + |r|) / (1 − |r|)',
)
assert(near(whitened.condition, 1) && whitened.toThousandth <= 1, 'whitened, one step arrives')
