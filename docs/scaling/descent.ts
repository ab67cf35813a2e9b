/** Gradient descent on the squared error of a linear model with two weights: a bowl that can be written down. */
import { bowlFacts, type Bowl } from '@normlab/viz'
import type { Point } from './plane.ts'

/**
 * The loss, half the mean squared error of `w · x`, and the way of gradient descent from `w = 0`.
 * @param rate in multiples of the best fixed one, 2 over the sum of the two curvatures.
 */
export function descend(
  name: string,
  x: readonly Point[],
  y: readonly number[],
  rate: number,
  steps: number,
) {
  const mean = (of: (point: Point, i: number) => number) =>
    x.reduce((sum, point, i) => sum + of(point, i) / x.length, 0)
  // Curvature and slope at 0: the mean of x xᵀ, and minus the mean of y x.
  const hessian = [mean(([p]) => p * p), mean(([p, q]) => p * q), mean(([, q]) => q * q)] as const
  const [a, b, c] = hessian
  const [u, v] = [mean(([p], i) => p * y[i]), mean(([, q], i) => q * y[i])]
  const determinant = a * c - b * b
  const minimum: Point = [(c * u - b * v) / determinant, (a * v - b * u) / determinant]
  const step = (rate * 2) / (a + c) // a + c is the sum of the eigenvalues
  const path: Point[] = [[0, 0]]
  const next = ([p, q]: Point): Point => [p - step * (a * p + b * q - u), q - step * (b * p + c * q - v)]
  for (let i = 0; i < steps; i++) path.push(next(path[i]))

  // How many steps until a thousandth is left, if any number does it.
  let [w, count] = [path[0], 0]
  const left = () => bowlFacts({ name, hessian, minimum, path: [path[0], w] }).left
  while (left() > 1e-3 && left() < 1e6 && count < 100_000) {
    w = next(w)
    count++
  }
  const bowl: Bowl = { name, hessian, minimum, path }
  return { bowl, minimum, ...bowlFacts(bowl), toThousandth: left() <= 1e-3 ? count : Infinity }
}
