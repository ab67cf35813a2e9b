/** SELU where its two branches meet, and at the ends. */
import { expect, test } from 'vitest'
import { selu } from '../src/index.ts'

// PyTorch 2.15.0, nn.SELU and its gradient.
const LAMBDA = 1.0507009873554805
const LAMBDA_ALPHA = 1.7580993408473766
const points = [
  [0, 0, LAMBDA_ALPHA],
  [Infinity, Infinity, LAMBDA],
  [-Infinity, -LAMBDA_ALPHA, 0],
  [NaN, NaN, NaN],
]

test.each([Float32Array, Float64Array])('the branch x <= 0 has 0; infinities have their limits', (Kind) => {
  const row = (i: number) => ({ data: Kind.from(points.map((point) => point[i])), shape: [1, points.length] })
  const { y, saved } = selu.forward(row(0))
  const { dx } = selu.backward({ ...row(0), data: new Kind(points.length).fill(1) }, saved)
  const near = (values: ArrayLike<number>) => Array.from(values, (value) => Number(value.toFixed(6)) + 0)
  expect(near(y.data)).toEqual(near(row(1).data))
  expect(near(dx.data).slice(0, 3)).toEqual(near(row(2).data).slice(0, 3))
})
