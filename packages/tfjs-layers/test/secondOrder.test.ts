/** Gradients of gradients, for every normalization. */
import { secondOrder } from '@normlab/core/testing'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import type { NormLayer } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { errorOf, norms, random, toTf, TOLERANCE, weightName } from './fixtures.ts'
import { configToCore, make, randomInputs, randomWeights, small, stateOf } from './making.ts'

await useCpu()

describe.each(norms.map((record) => [record.name, record] as const))('%s', (_, record) => {
  test.each([
    ['last', [4, 3, 12], -1],
    ['first', [4, 12, 3], 1],
  ] as const)('the gradient of the gradient, channels %s', (_name, shape, axis) => {
    const [x, dy, v] = [1, 2, 3].map((seed) => random(shape, seed))
    const layer = make(record, { axis, ...small(record) }) as NormLayer
    const options = { ...configToCore(layer), axis }
    const inputs = randomInputs(record, shape, options, 30)
    const shapes = [x, ...Object.values(inputs)].map((input) => [...input.shape])
    layer.build(shapes.length > 1 ? shapes : shapes[0])
    const weights = { ...randomWeights(layer, 10), ...inputs }
    const params = Object.fromEntries(Object.keys(record.params).map((name) => [name, weights[name]]))
    const state = stateOf(record, weights)
    const want = secondOrder(record, { x, params, options: { ...options, ...(state && { state }) } }, dy, v)
    const others = Object.values(inputs).map((value) => tf.variable(toTf(value)))
    const targets: Record<string, tf.Variable> = {
      x: tf.variable(toTf(x)),
      dy: tf.variable(toTf(dy)),
      ...Object.fromEntries(Object.keys(inputs).map((name, i) => [name, others[i]])),
      ...Object.fromEntries(
        layer.trainableWeights.map((weight) => [
          weightName(weight.originalName),
          weight.read() as tf.Variable,
        ]),
      ),
    }
    const first = tf.grad((t) => layer.call(others.length ? [t, ...others] : t, { training: true }))
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.mul(first(targets.x, targets.dy), toTf(v))) as tf.Scalar,
      Object.values(targets),
    )
    expect(Object.keys(targets).toSorted()).toEqual(Object.keys(want).toSorted())
    for (const [name, { name: key, size }] of Object.entries(targets)) {
      // Null: dx does not depend on it.
      const got = grads[key] ?? tf.zeros([size])
      const wanted = { data: want[name], shape: [want[name].length] }
      expect(errorOf(tf.reshape(got, [-1]), wanted), name).toBeLessThanOrEqual(2 * TOLERANCE)
    }
  })
})
