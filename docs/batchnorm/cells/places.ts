import { assert, param, table, tolerance } from '@normlab/cell'
import { summaryOf } from '@normlab/core'
import type { FunctionName } from '../../activations/functions.ts'
import { forward, makeNetwork, ring, train, type Place } from '../../activations/network.ts'

tolerance(0.05) // training: Math.exp differs in its last bits from engine to engine
const f = param('f', 'relu', { choices: ['relu', 'tanh', 'sigmoid'], label: 'Activation' })
const rate = param('rate', 0.5, { min: 0.1, max: 2, step: 0.1, label: 'Learning rate' })

// Eight first weights, each trained for 40 steps in each order: disc against ring, two hidden layers of 5 units.
const { x, y } = ring()
function lossOf(seed: number, place: Place): number {
  const layers = makeNetwork(seed)
  const settings = { activation: f as FunctionName, place }
  for (let step = 0; step < 40; step++) train(layers, settings, x, y, rate)
  const p = forward(layers, settings, x).at(-1)!.a
  return p.reduce((sum, value, n) => sum - Math.log(y[n] ? value : 1 - value), 0) / y.length
}
const seeds = [10, 20, 30, 40, 50, 60, 70, 80]
const [before, after] = (['before', 'after'] as const).map((place) =>
  seeds.map((seed) => lossOf(seed, place)),
)
export const loss = { before: summaryOf(before).mean, after: summaryOf(after).mean }
// Each pair has the same first weights, so their difference has an error of its own.
const apart = summaryOf(before.map((one, i) => one - after[i]))
export const difference = { mean: apart.mean, error: Math.sqrt(apart.variance / (seeds.length - 1)) }
export const aheadAfter = before.filter((one, i) => one > after[i]).length
table(
  [
    { BatchNorm: 'before the activation', 'training loss': loss.before },
    { BatchNorm: 'after it', 'training loss': loss.after },
    { BatchNorm: 'difference', 'training loss': difference.mean, 'standard error': difference.error },
  ],
  { digits: 4, caption: `After 40 steps, average of ${seeds.length} networks` },
)
assert(
  f !== 'relu' || rate !== 0.5 || aheadAfter > 4,
  'ReLU, rate 0.5: BatchNorm after it is ahead in most pairs',
)
