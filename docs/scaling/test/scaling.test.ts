import { cloudFacts } from '@normlab/viz'
import { beforeEach, expect, test, vi } from 'vitest'
import { uniform } from '../../shift/experiment/random.ts'
import { descend } from '../descent.ts'
import { makeNetwork, predict, train, type Network } from '../network.ts'
import { moved, normal, pairs, standardize, times, whiteners, type Point } from '../plane.ts'
import { scalings } from '../values.ts'

beforeEach(() => void vi.spyOn(Math, 'random').mockImplementation(uniform(7)))

test.each([false, true])('a step goes down the gradient, with BatchNorm: %s', (norm) => {
  const network = makeNetwork([2, 5, 4, 3], norm)
  const label = Uint8Array.from({ length: 9 }, (_, i) => i % 3)
  const data = { x: Float64Array.from({ length: 18 }, normal), label }
  const loss = () => {
    const { p } = predict(network, data.x)
    return label.reduce((sum, one, row) => sum - Math.log(p[3 * row + one]) / label.length, 0)
  }
  const all = (of: Network) => [...of.w, ...of.b, ...(of.gamma ?? [])]
  const slopes = all(network).map((values) =>
    values.map((value, i) => {
      const [above, below] = [1e-5, -1e-5].map((by) => {
        values[i] = value + by
        return loss()
      })
      values[i] = value
      return (above - below) / 2e-5
    }),
  )
  const before = all(network).map((values) => values.slice())
  train(network, data, 1)
  all(network).forEach((values, k) =>
    values.forEach((value, i) => expect(before[k][i] - value).toBeCloseTo(slopes[k][i], 5)),
  )
})

test('descent ends where no residual has a slope', () => {
  const x = pairs(60, 0.6).map(([a, b]): Point => [a, 3 * b + 1])
  const y = x.map(([a, b]) => a - b + normal())
  const { minimum, bowl, condition, toThousandth } = descend('', x, y, 1, 2000)
  for (const i of [0, 1] as const) {
    const slope = x.reduce((sum, p, n) => sum + (p[0] * minimum[0] + p[1] * minimum[1] - y[n]) * p[i], 0)
    expect(slope).toBeCloseTo(0, 8)
    expect(bowl.path!.at(-1)![i]).toBeCloseTo(minimum[i], 6)
  }
  // Each step leaves at most (k - 1) / (k + 1) of the distance, and its square of the loss.
  const worst = Math.ceil(Math.log(1e-3) / (2 * Math.log((condition - 1) / (condition + 1))))
  expect(toThousandth).toBeLessThanOrEqual(worst)
  expect(descend('', x, y, 1.5, 0).toThousandth).toBe(Infinity)
})

test.each([-0.99, -0.5, 0, 0.3, 0.99])('whitened, correlation %d is gone', (correlation) => {
  const points = standardize(pairs(80, correlation).map(([a, b]): Point => [a, 9 * b + 4]))
  const { pca, zca } = whiteners(points)
  const white = [pca, zca].map((m) => points.map((point) => times(m, point)))
  for (const each of white) {
    const [a, b, c] = cloudFacts(each).covariance
    expect([a, c]).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)])
    expect(b).toBeCloseTo(0, 9)
  }
  expect(zca[0][1]).toBeCloseTo(zca[1][0], 9)
  // No other rotation of ZCA moves the points less.
  for (let turn = 1; turn < 12; turn++) {
    const [cos, sin] = [Math.cos((turn * Math.PI) / 6), Math.sin((turn * Math.PI) / 6)]
    const turned = white[1].map(([x, y]): Point => [cos * x - sin * y, sin * x + cos * y])
    expect(moved(points, turned)).toBeGreaterThan(moved(points, white[1]))
  }
})

test('scalings', () => {
  const values = [1, 2, 3, 4, 10]
  expect(values.map(scalings['min-max'](values))).toEqual([0, 1 / 9, 2 / 9, 3 / 9, 1])
  expect(scalings.standardize(values)(4)).toBe(0)
  expect(scalings.standardize(values)(4 + Math.sqrt(10))).toBeCloseTo(1, 12)
  expect(values.map(scalings['median and quartiles'](values))).toEqual([-1, -0.5, 0, 0.5, 3.5])
})
