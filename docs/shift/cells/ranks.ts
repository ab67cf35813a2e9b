import { assert, param, show } from '@normlab/cell'
import { rankShift, spearman } from '@normlab/viz'
import { train, valuesOf, type Look } from '../training.ts'

const from = param('from', 1, { min: 0, max: 30, label: 'From epoch' })
const to = param('to', 30, { min: 0, max: 30, label: 'To epoch' })
const unit = param('neuron', 10, { min: 1, max: 24, label: 'Neuron of layer 5' })

const pairs = (looks: Look[], early: number, late: number, neuron: number) => {
  const after = valuesOf(looks[late], 5, neuron)
  return [...valuesOf(looks[early], 5, neuron)].map((value, id) => ({ id, from: value, to: after[id] }))
}
const [plain, normed] = [train(), train({ norm: 'batch' })]
const options = { from: `epoch ${from}`, to: `epoch ${to}`, caption: false, height: 260 }
show((width) => rankShift(pairs(plain, from, to, unit), { ...options, width, tone: 'without' }))
show((width) => rankShift(pairs(normed, from, to, unit), { ...options, width, tone: 'with' }))

function correlation(looks: Look[]) {
  const both = pairs(looks, 1, 30, 10)
  return spearman(
    both.map((one) => one.from),
    both.map((one) => one.to),
  )
}
// Of neuron 10, from epoch 1 to 30.
export const without = correlation(plain)
export const withNorm = correlation(normed)
assert(withNorm < 0.9, 'examples overtake each other with BatchNorm too')
assert(withNorm > without, 'though less than without')
