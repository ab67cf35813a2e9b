/** Moving statistics and masks, for the records that have them. */
import type { AnyNorm } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import type { layers as stock } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import type { NormLayer } from '../src/index.ts'
import { errorOf, pull, random, toTf, TOLERANCE } from './fixtures.ts'
import { configToCore, make, randomInputs, randomWeights, small } from './making.ts'

const RUNNING = [6, 3, 12]
const state = (layer: stock.Layer) =>
  layer
    .getWeights()
    .slice(-2)
    .map((value) => value.dataSync() as Float32Array)

export function runningSuite(record: AnyNorm): void {
  const inputs = randomInputs(record, RUNNING, {}, 30)
  const others = Object.values(inputs)
  const shapes = [RUNNING, ...others.map(({ shape }) => [...shape])]
  const shape = others.length ? shapes : RUNNING
  const all = (x: tf.Tensor) => (others.length ? [x, ...others.map(toTf)] : x)

  // A forward of its own makes its own state.
  const kinds = record.apply ? [{}] : [{ variance: 'biased' }, { variance: 'unbiased' }]
  test.each(kinds)('the moving statistics follow core over three steps: %o', (kind) => {
    const layer = make(record, { ...small(record), ...kind, momentum: 0.8 })
    layer.build(shape)
    const options = { ...configToCore(layer as NormLayer), axis: -1 }
    let want = record.initState(RUNNING, options)
    for (const seed of [1, 2, 3]) {
      const x = random(RUNNING, seed, 3, 2)
      tf.dispose(layer.call(all(toTf(x)), { training: true }))
      want = record.forward(x, inputs, { ...options, state: want }).state!
    }
    const [mean, moving] = state(layer)
    expect(errorOf(mean, want.mean), 'mean').toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(moving, want.variance), 'variance').toBeLessThanOrEqual(TOLERANCE)
    const x = random(RUNNING, 4)
    const dy = random(RUNNING, 5)
    const { y, saved } = record.forward(x, inputs, { ...options, state: want, training: false })
    const got = pull(layer, x, dy, { training: false }, inputs)
    expect(errorOf(got.y, y), 'inference').toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(layer.call(all(toTf(x)), {}), y), 'inference off the tape').toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(got.dx, record.backward(dy, saved).dx), 'dx at inference').toBeLessThanOrEqual(TOLERANCE)
    expect(state(layer)).toEqual([mean, moving])
  })

  test('trainable: false uses the moving statistics and leaves them', () => {
    const layer = make(record, { ...small(record), trainable: false })
    layer.build(shape)
    const x = all(toTf(random(RUNNING, 1, 3, 2)))
    const before = state(layer)
    expect(layer.call(x, { training: true }).dataSync()).toEqual(layer.call(x, {}).dataSync())
    expect(state(layer)).toEqual(before)
    layer.trainable = true
    tf.dispose(layer.call(x, { training: true }))
    expect(state(layer)).not.toEqual(before)
  })

  test('an empty batch leaves the state alone', () => {
    const layer = make(record, small(record))
    const unknown = shapes.map(([, ...sizes]) => [null as unknown as number, ...sizes])
    layer.build(others.length ? unknown : unknown[0])
    const before = state(layer)
    expect(layer.call(all(tf.zeros([0, 3, 12])), { training: true }).shape).toEqual([0, 3, 12])
    expect(state(layer)).toEqual(before)
  })
}

export function maskSuite(record: AnyNorm): void {
  test('a mask keeps elements out of the statistics, NaN included; all are normalized', () => {
    const x = random(RUNNING, 1, 3, 2)
    const bits = Float32Array.from({ length: 18 }, (_, i) => (i % 4 === 1 ? 0 : 1))
    const mask = tf.tensor(bits, [6, 3])
    const weights = { data: Float64Array.from(bits), shape: [6, 3, 1] }
    const layer = make(record, { ...small(record), momentum: 0.5 })
    layer.build(RUNNING)
    const options = { ...configToCore(layer as NormLayer), axis: -1, weights }
    const params = randomWeights(layer as NormLayer, 10)
    const want = record.forward(
      x,
      { gamma: params.gamma, beta: params.beta },
      { ...options, state: { mean: params.moving_mean, variance: params.moving_variance, count: 0 } },
    )
    const dy = random(RUNNING, 2)
    const got = pull(layer, x, dy, { training: true, mask })
    expect(errorOf(got.y, want.y), 'y').toBeLessThanOrEqual(TOLERANCE)
    const back = record.backward(dy, want.saved)
    expect(errorOf(got.dx, back.dx), 'dx').toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(got.byName.gamma, back.dgamma), 'dgamma').toBeLessThanOrEqual(TOLERANCE)
    const [mean, variance] = state(layer)
    expect(errorOf(mean, want.state!.mean), 'mean').toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(variance, want.state!.variance), 'variance').toBeLessThanOrEqual(TOLERANCE)
    const holed = { ...x, data: x.data.map((value, i) => (bits[Math.floor(i / 12)] ? value : NaN)) }
    const y = layer.call(toTf(holed), { training: true, mask }).dataSync()
    expect(y.every((value, i) => Number.isFinite(value) === Boolean(bits[Math.floor(i / 12)]))).toBe(true)
    const none = state(layer)
    tf.dispose(layer.call(toTf(x), { training: true, mask: tf.zeros([6, 3]) }))
    expect(state(layer), 'nothing but masked elements').toEqual(none)
  })
}
