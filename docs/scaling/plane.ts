/** Points in the plane: draws, scalings, 2 by 2 matrices. Math.random is seeded in a cell. */
import { cloudFacts } from '@normlab/viz'

export type Point = readonly [number, number]
/** Row after row. */
export type Matrix = readonly [Point, Point]

/** A standard normal value, by Box and Muller. */
export const normal = (): number =>
  Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())

/** Normal pairs with mean 0, standard deviations 1 and the given correlation. */
export const pairs = (count: number, correlation = 0): Point[] =>
  Array.from({ length: count }, () => {
    const [a, b] = [normal(), normal()]
    return [a, correlation * a + Math.sqrt(1 - correlation ** 2) * b]
  })

export const column = (points: readonly Point[], i: 0 | 1): number[] => points.map((point) => point[i])

export const times = (m: Matrix, [x, y]: Point): Point => [
  m[0][0] * x + m[0][1] * y,
  m[1][0] * x + m[1][1] * y,
]

/** Each feature by itself: mean 0, standard deviation 1. */
export function standardize(points: readonly Point[]): Point[] {
  const { mean, std } = cloudFacts(points)
  return points.map(([x, y]) => [(x - mean[0]) / std[0], (y - mean[1]) / std[1]])
}

/**
 * Two ways to whiten points with mean 0: PCA turns them on their principal axes and scales each to 1; ZCA turns them back
 * after that.
 */
export function whiteners(points: readonly Point[]): { pca: Matrix; zca: Matrix } {
  const [a, b, c] = cloudFacts(points).covariance
  const angle = Math.atan2(2 * b, a - c) / 2
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  // Variance along each principal axis: what eᵀ C e gives.
  const along = (x: number, y: number) => a * x * x + 2 * b * x * y + c * y * y
  const [first, second] = [along(cos, sin) ** -0.5, along(-sin, cos) ** -0.5]
  const pca: Matrix = [
    [cos * first, sin * first],
    [-sin * second, cos * second],
  ]
  return {
    pca,
    zca: [
      [cos * pca[0][0] - sin * pca[1][0], cos * pca[0][1] - sin * pca[1][1]],
      [sin * pca[0][0] + cos * pca[1][0], sin * pca[0][1] + cos * pca[1][1]],
    ],
  }
}

/** The mean squared way that the points have moved. */
export const moved = (from: readonly Point[], to: readonly Point[]): number =>
  from.reduce((sum, [x, y], i) => sum + ((x - to[i][0]) ** 2 + (y - to[i][1]) ** 2) / from.length, 0)
