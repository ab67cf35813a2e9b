import { assert, near, table } from '@normlab/cell'
import { attribute, moments } from '../experiment/attribution.ts'

const before = { inputs: [2, 3], weights: [0.5], bias: 0 }
const after = (weight: number) => ({ inputs: [2.5, 4], weights: [weight], bias: 0 })

// A weight that falls less.
export const milder = attribute(before, after(0.4), 'mean')
// The weight at which the mean does not move.
export const standstill = (moments(before.inputs).mean * 0.5) / moments(after(0).inputs).mean
const still = attribute(before, after(standstill), 'mean')
table(
  [milder, still].map(({ ownFirst, upstreamAfter, total }, i) => ({
    'new weight': [0.4, standstill][i],
    own: ownFirst,
    upstream: upstreamAfter,
    together: total,
  })),
  { digits: 3 },
)
assert(milder.upstreamAfter > -milder.ownFirst, 'at 0.4 upstream is the larger part')
assert(near(still.total, 0), 'at the other weight they cancel')
