import { assert, param, show } from '@normlab/cell'
import { dropout } from '@normlab/core'
import { layers } from '@normlab/tfjs-layers'
import { valueGrid } from '@normlab/viz'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { layers as stock } from '@tensorflow/tfjs-layers'

await tf.setBackend('cpu')
const seed = param('seed', 3, { min: 1, max: 99, label: 'Seed' })
const [units, calls] = [8, 50]
const ones = tf.ones([1, units])

/** What a layer gives for ones, call after call. */
const callsOf = (layer: { apply: Function }) =>
  Array.from({ length: calls }, () => [...(layer.apply(ones, { training: true }) as tf.Tensor).dataSync()])
const theirs = callsOf(stock.dropout({ rate: 0.5, seed }))
const ours = callsOf(layers.dropout({ rate: 0.5, seed }))
// @normlab/core, without any TensorFlow: the mask of a seed and a step, asked for from the last step to the first.
const core = Array.from({ length: calls }, (_, i) => i)
  .toReversed()
  .map((step) => [...dropout.draw([1, units], { rate: 0.5, seed, step })].map((kept) => kept * 2))
  .toReversed()

const panel = (label: string, rows: number[][]) => ({
  label,
  data: rows.slice(0, 5).flat(),
  shape: [5, units],
})
show((width) =>
  valueGrid([panel('stock, 5 calls', theirs), panel('ours, 5 calls', ours)], { width, digits: 0 }),
)
const asFirst = (rows: number[][]) => rows.filter((row) => String(row) === String(rows[0])).length
export const repeated = { stock: asFirst(theirs), ours: asFirst(ours), of: calls }
// A unit that no call has kept is never trained.
const neverKept = (rows: number[][]) =>
  rows[0].filter((_, unit) => rows.every((row) => row[unit] === 0)).length
export const never = { stock: neverKept(theirs), ours: neverKept(ours) }
assert(repeated.stock === calls, 'stock TensorFlow.js with a seed drops the same units at every call')
assert(
  ours.every((row, step) => String(row) === String(core[step])),
  'the layer draws the masks that core draws for the same seed and step, in whatever order they are asked for',
)
