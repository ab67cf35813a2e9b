import { assert, table } from '@normlab/cell'
import { driftOf, train, type Look } from '../training.ts'

// Sigmoid units, without and with BatchNorm; and ReLU units with LayerNorm, whose neurons may wander.
const sigmoid = { activation: 'sigmoid', rate: 0.3 } as const
const of = (looks: Look[]) => ({
  first: driftOf(looks)[0],
  last: driftOf(looks)[4],
  right: looks[30].accuracy,
})
export const calm = of(train(sigmoid))
export const learning = of(train({ ...sigmoid, norm: 'batch' }))
export const wandering = of(train({ norm: 'layer' }))
const farther = learning.first / calm.first
const row = (network: string, { first, last, right }: typeof calm) => ({
  network,
  'layer 1 moves': first,
  'layer 5 moves': last,
  'test examples right': `${Math.round(100 * right)}%`,
})
table(
  [
    row('sigmoid, no normalization', calm),
    row('sigmoid, BatchNorm', learning),
    row('ReLU, LayerNorm', wandering),
  ],
  { digits: 6 },
)
assert(Math.abs(calm.right - 1 / 3) < 0.05, 'the calm network guesses')
assert(learning.right > 0.85, 'the one that moves learns')
assert(farther > 500 && farther < 2000, 'its first layer moves about a thousand times as far')
assert(wandering.right > 0.98, 'so does the one whose neurons wander')
