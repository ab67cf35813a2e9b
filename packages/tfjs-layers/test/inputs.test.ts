/** Layers of several inputs, and batches that are split. */
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { ghostBatchNorm } from '@normlab/core'
import { layers, NormlabError } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { errorOf, random, toTf, TOLERANCE } from './fixtures.ts'

await useCpu()

const [x, gamma] = [tf.ones([2, 3, 4]), tf.ones([2, 4])]
const refusals: [string, () => unknown, string, RegExp][] = [
  ['x alone', () => layers.spade().apply(x), 'inputs', /got 1.*\[x, gamma, beta\]/],
  ['an input too many', () => layers.zoneout().apply([x, x, x]), 'inputs', /got 3.*\[x, previous\]/],
  [
    'two inputs where x is all',
    () => layers.layerNormalization().apply([x, x]),
    'inputs',
    /got 2.*one tensor/,
  ],
  [
    'an input of another shape',
    () => layers.adaptiveInstanceNormalization().apply([x, gamma, tf.ones([4, 2])]),
    'beta.shape',
    /\[4,2\].*\[2,4\]/,
  ],
  [
    'a batch that does not divide',
    () => layers.ghostBatchNormalization({ m: 3 }).apply(tf.ones([4, 2]), { training: true }),
    'm',
    /3.*4/,
  ],
]
describe('refuses', () => {
  test.each(refusals)('%s', (_, task, argument, message) => {
    let error: unknown
    try {
      task()
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(NormlabError)
    expect((error as NormlabError).argument).toBe(argument)
    expect((error as NormlabError).message).toMatch(message)
  })
})

test('an input of size 1 where it does not vary is the same', () => {
  const [one, other] = [random([2, 4], 1), random([2, 4], 2)].map(toTf)
  const [a, b] = [
    [one, other],
    [tf.reshape(one, [2, 1, 4]), tf.reshape(other, [2, 1, 4])],
  ].map((inputs) => layers.adaptiveInstanceNormalization().apply([x, ...inputs]) as tf.Tensor)
  expect(Array.from(a.dataSync())).toEqual(Array.from(b.dataSync()))
})

test('with moving statistics the batch need not divide', () => {
  const layer = layers.ghostBatchNormalization({ m: 2, momentum: 0.5 })
  const [even, odd] = [random([4, 3], 1), random([5, 3], 2)]
  const { state } = ghostBatchNorm.forward(even, {}, { m: 2, decay: 0.5 })
  tf.dispose(layer.apply(toTf(even), { training: true }) as tf.Tensor)
  const want = ghostBatchNorm.forward(odd, {}, { m: 1, state, training: false })
  expect(errorOf(layer.apply(toTf(odd)) as tf.Tensor, want.y)).toBeLessThanOrEqual(TOLERANCE)
})
