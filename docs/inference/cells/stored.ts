import { param, show, table } from '@normlab/cell'
import { batchNorm, conventions, type RunningState } from '@normlab/core'
import { lossCurves } from '@normlab/viz'
import { batch, STD, values } from '../stream.ts'

const most = param('most', 32, { min: 4, max: 64, label: 'Greatest batch size' })

// The variance that a running average would settle at, from 4,000 batches of each size.
const settle = (size: number, variance: 'biased' | 'unbiased') => {
  let state = undefined as RunningState | undefined
  for (let i = 0; i < 4000; i++)
    state = batchNorm.forward(batch(values(size)), {}, { decay: 'cumulative', variance, state }).state
  return state!.variance.data[0]
}
const sizes = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64].filter((size) => size <= most)
const biased = sizes.map((size) => settle(size, 'biased'))
const unbiased = sizes.map((size) => settle(size, 'unbiased'))
show((width) =>
  lossCurves(
    [
      { name: 'divided by N', points: sizes.map((size, i) => [size, biased[i]] as const) },
      { name: 'divided by N − 1', points: sizes.map((size, i) => [size, unbiased[i]] as const) },
    ],
    {
      width,
      xLabel: 'batch size N',
      yLabel: 'stored variance',
      yDomain: [0, 5],
      title: `The variance of the stream is ${STD ** 2}`,
    },
  ),
)
export const ofTwo = { biased: biased[0], unbiased: unbiased[0] }
export const ofLast = { biased: biased.at(-1)!, unbiased: unbiased.at(-1)! }
table(
  Object.values(conventions)
    .filter(({ variants }) => 'decay' in variants.BatchNorm.options)
    .map(({ framework, variants }) => {
      const { decay, variance, epsilon } = variants.BatchNorm.options as {
        decay: number
        variance: string
        epsilon: number
      }
      return { framework, 'weight of the old value': decay, 'stored variance': variance, epsilon }
    }),
  { digits: 5, caption: 'What the frameworks do' },
)
