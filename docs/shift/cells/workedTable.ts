import { assert, near, param, show } from '@normlab/cell'
import { driftBars } from '@normlab/viz'
import { attribute, moments } from '../experiment/attribution.ts'

const weight = param('weight', 0.3, { min: -1, max: 1, step: 0.1, label: 'The weight after the update' })

// One neuron with one input, two examples, before and after an update of all weights.
const before = { inputs: [2, 3], weights: [0.5], bias: 0 }
const after = { inputs: [2.5, 4], weights: [weight], bias: 0 }

export const parts = attribute(before, after, 'mean')
const { ownFirst, upstreamAfter, ownAfter, upstreamFirst } = parts
const orders = [
  { label: 'own weight first', own: ownFirst, upstream: upstreamAfter },
  { label: 'inputs first', own: ownAfter, upstream: upstreamFirst },
]
const bars = orders.map(({ label, own, upstream }) => ({
  label,
  parts: [
    { name: 'own', value: own },
    { name: 'upstream', value: upstream },
  ],
}))
const title = 'The same change, told in both orders'
show((width) => driftBars(bars, { width, title, xLabel: 'change of the mean' }))

// How far "slightly shifted" inputs are.
const [old, now] = [moments(before.inputs), moments(after.inputs)]
export const slightly = { mean: now.mean / old.mean - 1, std: now.std / old.std - 1 }
assert(near(parts.total, ownFirst + upstreamAfter), 'in one order the parts add up')
assert(near(parts.total, ownAfter + upstreamFirst), 'and in the other')
