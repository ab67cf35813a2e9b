import { assert, table } from '@normlab/cell'
import { batchNorm, populationState } from '@normlab/core'
import { batch, values } from '../stream.ts'

// What training has seen: 2,000 examples. Now they come one at a time.
const state = populationState([batch(values(2000))])
const asked = [-1, 3, 4.5, 7]
const alone = (value: number, training: boolean) =>
  batchNorm.forward(batch(Float64Array.of(value)), {}, { training, state }).y.data[0]

export const trained = asked.map((value) => alone(value, true))
export const inferred = asked.map((value) => alone(value, false))
table(
  asked.map((value, i) => ({
    'pre-activation': value,
    'with the batch’s own statistics': trained[i],
    'with settled ones': inferred[i],
  })),
  { digits: 2, caption: 'A batch of one' },
)
assert(
  trained.every((value) => value === 0),
  'alone, every example is its own mean, and becomes 0',
)
