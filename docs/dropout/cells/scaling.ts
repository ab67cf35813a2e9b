import { assert, near, param, table } from '@normlab/cell'
import { run, UNITS } from '../small.ts'

const rate = param('rate', 0.5, { min: 0.05, max: 0.95, step: 0.05, label: 'Rate p' })
const tensor = (data: number[]) => ({ data: Float64Array.from(data), shape: [1, UNITS] })

// All 4,096 masks of the 12 hidden units, each weighed by its probability: an exact average, no draw.
const keep = 1 - rate
const average = { scaled: 0, unscaled: 0, firstUnit: 0 }
let worst = 0
for (let code = 0; code < 2 ** (2 * UNITS); code++) {
  const bits = Array.from({ length: 2 * UNITS }, (_, i) => (code >> i) & 1)
  const masks = [tensor(bits.slice(0, UNITS)), tensor(bits.slice(UNITS))]
  const probability = bits.reduce((product, bit) => product * (bit ? keep : rate), 1)
  const [, first, , output] = run((layer) => ({ rate, mask: masks[layer] }))
  // The same mask without 1 / (1 - p): with rate 0 nothing is scaled up.
  const plain = run((layer) => ({ rate: 0, mask: masks[layer] }))[3]
  average.firstUnit += probability * first[0]
  average.scaled += probability * output[0]
  average.unscaled += probability * plain[0]
  worst = Math.max(worst, Math.abs(plain[0] - keep ** 2 * output[0]))
}
const [, first, , output] = run(() => ({ training: false }))
export const inference = output[0]
export const scaled = average.scaled
export const unscaled = average.unscaled
export const tooLarge = inference / unscaled
export const alike = scaled / inference

table(
  [
    { run: 'training, scaled by 1/(1 − p): average', output: scaled },
    { run: 'training, not scaled: average', output: unscaled },
    { run: 'inference', output: inference },
  ],
  { digits: 3, caption: 'One example’s output, over all 4,096 masks' },
)
assert(
  near(average.firstUnit, first[0], 1e-12),
  'scaled, a unit gives on average just what it gives at inference',
)
assert(
  worst < 1e-12,
  'not scaled, the output is (1 − p)² of the scaled one: one factor for each masked layer',
)
