import { assert, near, param, show, table } from '@normlab/cell'
import { batchNorm } from '@normlab/core'
import { cloudFacts, clouds } from '@normlab/viz'
import { moved, pairs, standardize, times, whiteners, type Point } from '../plane.ts'

const correlation = param('correlation', 0.85, { min: -0.99, max: 0.99, step: 0.01, label: 'Correlation' })

const raw = pairs(300, correlation).map(([a, b]): Point => [4 + 2 * a, 1 + 0.8 * b])
const standardized = standardize(raw)
const { pca, zca } = whiteners(standardized)
const steps = {
  'as measured': raw,
  standardized,
  'whitened, PCA': standardized.map((point) => times(pca, point)),
  'whitened, ZCA': standardized.map((point) => times(zca, point)),
}
// Two points to follow: far out along the cloud, and the one that goes most against it.
const first = (of: (point: Point) => number) =>
  standardized.reduce((best, point, i) => (of(point) > of(standardized[best]) ? i : best), 0)
const marks = { A: first(([a, b]) => a + b), B: first(([a, b]) => b - a) }
show((width) =>
  clouds(
    Object.entries(steps).map(([name, points]) => ({
      name,
      points,
      marks,
      ...(points === raw ? {} : { reach: 3.8 }),
    })),
    { width },
  ),
)
const facts = Object.values(steps).map((points) => cloudFacts(points))
const howFar = (points: readonly Point[]) => Object.values(marks).map((i) => Math.hypot(...points[i]))
export const distances = { standardized: howFar(standardized), white: howFar(steps['whitened, ZCA']) }
export const correlations = facts.map((fact) => fact.correlation)
export const conditions = facts.map((fact) => fact.condition)
export const ways = [steps['whitened, PCA'], steps['whitened, ZCA']].map((to) => moved(standardized, to))
table(
  Object.keys(steps).map((name, i) => ({
    points: name,
    'variance of x₁': facts[i].covariance[0],
    'variance of x₂': facts[i].covariance[2],
    covariance: facts[i].covariance[1],
    'greatest over least': facts[i].condition,
  })),
  { digits: 3 },
)
assert(near(facts[1].correlation, facts[0].correlation, 1e-9), 'standardizing leaves the correlation alone')
assert(
  facts.slice(2).every(({ covariance: [a, b, c] }) => near(a, 1) && near(b, 0) && near(c, 1)),
  'whitened: variances 1, covariance 0',
)
assert(ways[1] <= ways[0], 'ZCA moves the points less than PCA')

// What BatchNorm does to the same batch, epsilon aside.
const batch = { data: Float64Array.from(raw.flat()), shape: [raw.length, 2] }
const { y } = batchNorm.forward(batch, {}, { epsilon: 0 })
assert(
  standardized.flat().every((value, i) => near(value, y.data[i])),
  'BatchNorm standardizes: it does not whiten',
)
