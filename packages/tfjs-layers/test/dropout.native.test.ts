/** Dropout on tensorflow: from TensorFlow's own stream, reproducible by seed and step. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { layers } from '../src/index.ts'
import { opsOf, useTensorflow } from './tensorflow.ts'

await useTensorflow()

const SHAPE = [64, 1000]
const x = tf.add(tf.randomNormal(SHAPE, 0, 1, 'float32', 1), 3)
const draw = (config: object, times = 1): Float32Array[] => {
  const layer = layers.dropout({ rate: 0.25, seed: 3, ...config })
  return Array.from(
    { length: times },
    () => (layer.apply(x, { training: true }) as tf.Tensor).dataSync() as Float32Array,
  )
}
const kept = (y: Float32Array) => y.filter((value) => value !== 0).length / y.length

test('a kept element is x / (1 - rate), a dropped one 0, in their shares', () => {
  const [y] = draw({})
  const values = x.dataSync()
  expect(y.every((value, i) => value === 0 || Math.abs(value - values[i] / 0.75) < 1e-5)).toBe(true)
  // 64,000 draws: the share's standard deviation is 0.0017.
  expect(Math.abs(kept(y) - 0.75)).toBeLessThan(0.01)
})

test('the same seed draws the same, each step and each seed another mask', () => {
  const [first, second] = draw({}, 2)
  expect(draw({}, 2)).toEqual([first, second])
  const both = (other: Float32Array) =>
    first.filter((value, i) => value !== 0 && other[i] !== 0).length / first.length
  // Independent masks agree on 0.75 squared.
  for (const other of [
    second,
    draw({ seed: 4 })[0],
    draw({ seed: 3 + 2 ** 32 })[0],
    draw({ step: 2 ** 40 })[0],
  ])
    expect(Math.abs(both(other) - 0.75 ** 2)).toBeLessThan(0.01)
})

test('the gradient has the mask of its own call', () => {
  const layer = layers.dropout({ rate: 0.25, seed: 3 })
  let y: tf.Tensor | undefined
  const dx = tf.grad((input) => (y = tf.keep(layer.call(input, { training: true }) as tf.Tensor)))(x)
  const [forward, backward] = [y!, dx].map((t) => t.dataSync())
  expect(backward.every((value, i) => Math.abs(value - (forward[i] === 0 ? 0 : 1 / 0.75)) < 1e-6)).toBe(true)
})

test('rate 1 drops all; a dropped NaN or infinite value is 0', () => {
  expect(kept(draw({ rate: 1 })[0])).toBe(0)
  const odd = tf.tensor1d(Array.from({ length: 1000 }, (_, i) => (i % 2 ? NaN : Infinity)))
  const y = (layers.dropout({ rate: 0.5, seed: 1 }).apply(odd, { training: true }) as tf.Tensor).dataSync()
  expect(y.filter((value) => value === 0).length).toBeGreaterThan(400)
  expect(y.every((value, i) => value === 0 || Object.is(value, i % 2 ? NaN : Infinity))).toBe(true)
})

test('four operations a pass', () => {
  const layer = layers.dropout({ rate: 0.25, seed: 3 })
  const pass = ['StatelessRandomUniform', 'GreaterEqual', 'Mul', 'SelectV2']
  expect(opsOf(() => void layer.apply(x, { training: true }))).toEqual(pass)
})
