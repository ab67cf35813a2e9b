import { assert, near, table } from '@normlab/cell'
import { cloudFacts } from '@normlab/viz'
import { pairs, standardize, times, whiteners, type Point } from '../plane.ts'

// Points whose correlation is exactly 0.98: white ones, tilted.
const r = 0.98
const cloud = standardize(pairs(200))
const white = cloud.map((point) => times(whiteners(cloud).zca, point))
const tilted = white.map(([a, b]): Point => [a, r * a + Math.sqrt(1 - r * r) * b])
// One of the two features becomes the difference of both.
const replaced = standardize(tilted.map(([a, b]): Point => [a, a - b]))
const [before, after] = [tilted, replaced].map((points) => cloudFacts(points))
export const conditions = { before: before.condition, after: after.condition }
export const correlation = Math.abs(after.correlation)

// And the outlier among 200 values whose standard deviation grows to 4 by it: sqrt(1 + k² / n) = 4.
export const far = Math.sqrt((4 ** 2 - 1) * 200)
table(
  [before, after].map((facts, i) => ({
    features: ['two with correlation 0.98', 'one, and the difference'][i],
    correlation: facts.correlation,
    'condition number': facts.condition,
  })),
  { digits: 3 },
)
assert(near(conditions.before, (1 + r) / (1 - r), 1e-6), 'the condition number is (1 + r) / (1 − r)')
assert(near(correlation, Math.sqrt((1 - r) / 2), 1e-6), 'the new correlation is √((1 − r) / 2)')
