/** Keras's relatives of a layer under its name, and a BatchNormalization of several workers. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { batchNorm, batchRenorm, ghostBatchNorm, type Tensor } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { layers, NormlabError } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { errorOf, pull, random, toTf, TOLERANCE } from './fixtures.ts'

await useCpu()

const again = <L extends { getConfig(): object; constructor: unknown }>(layer: L): L =>
  new (layer.constructor as new (config: object) => L)(
    JSON.parse(JSON.stringify(layer.getConfig())) as object,
  )
const values = (list: number[]): Tensor => ({ data: Float64Array.from(list), shape: [list.length] })

describe('virtualBatchSize', () => {
  const [x, dy] = [random([6, 3, 4], 1, 2, 1), random([6, 3, 4], 2)]
  test('forward, gradients and moving statistics are those of Ghost Batch Normalization', () => {
    const layer = layers.batchNormalization({ virtualBatchSize: 2, momentum: 0.8 })
    layer.build([null, 3, 4])
    const options = { m: 2, epsilon: 1e-3, decay: 0.8 }
    const params = { gamma: values([1, 1, 1, 1]), beta: values([0, 0, 0, 0]) }
    const { y, saved, state } = ghostBatchNorm.forward(x, params, options)
    const got = pull(layer, x, dy)
    const want = ghostBatchNorm.backward(dy, saved)
    expect(errorOf(got.y, y)).toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(got.dx, want.dx)).toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(got.byName.gamma, want.dgamma)).toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(layer.getWeights()[2], state.mean)).toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(layer.getWeights()[3], state.variance)).toBeLessThanOrEqual(TOLERANCE)
    expect((layer.apply(tf.ones([5, 3, 4])) as tf.Tensor).shape).toEqual([5, 3, 4])
    expect(layer.weights.map(({ originalName }) => originalName.replace(/.*\//, ''))).toEqual([
      'gamma',
      'beta',
      'moving_mean',
      'moving_variance',
    ])
  })
  test('the config says it', () => {
    const layer = layers.batchNormalization({ virtualBatchSize: 2, center: false })
    expect(layer.getConfig()).toMatchObject({ virtualBatchSize: 2, center: false, momentum: 0.99 })
    expect(again(layer).getConfig()).toEqual(layer.getConfig())
    expect(layers.batchNormalization().getConfig()).not.toHaveProperty('virtualBatchSize')
  })
})

describe('renorm', () => {
  const [x, dy] = [random([6, 4], 1, 2, 1), random([6, 4], 2)]
  test.each([
    { rmax: 1.2, dmax: 0.3 },
    { rmax: 3, dmax: 5 },
  ])('forward and gradients are those of Batch Renormalization: %o', ({ rmax, dmax }) => {
    const layer = layers.batchNormalization({ renorm: true, renormClipping: { rmax, rmin: 1 / rmax, dmax } })
    layer.build([null, 4])
    const [mean, variance] = [random([4], 3), random([4], 4)]
    variance.data.forEach((value, i) => (variance.data[i] = Math.fround(Math.abs(value) + 0.5)))
    const deviation = values(Array.from(variance.data, (value) => Math.sqrt(value + 1e-3)))
    const [gamma, beta] = [random([4], 5), random([4], 6)]
    layer.setWeights([gamma, beta, mean, variance, deviation, mean, deviation].map(toTf))
    const state = { mean, variance, count: 1 }
    const options = { rMax: rmax, dMax: dmax, epsilon: 1e-3, state }
    const { y, saved } = batchRenorm.forward(x, { gamma, beta }, options)
    const want = batchRenorm.backward(dy, saved)
    const got = pull(layer, x, dy)
    expect(errorOf(got.y, y)).toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(got.dx, want.dx)).toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(got.byName.gamma, want.dgamma)).toBeLessThanOrEqual(TOLERANCE)
    expect(errorOf(got.byName.beta, want.dbeta)).toBeLessThanOrEqual(TOLERANCE)
  })
  test('without center and scale, frozen, and through its config', () => {
    const layer = layers.batchNormalization({
      renorm: true,
      center: false,
      scale: false,
      renormMomentum: 0.5,
    })
    layer.build([null, 4])
    expect(layer.weights.map(({ shape }) => shape)).toEqual(Array.from({ length: 5 }, () => [4]))
    expect(again(layer).getConfig()).toEqual(layer.getConfig())
    layer.trainable = false
    const before = layer.getWeights().map((w) => Array.from(w.dataSync()))
    expect(layer.apply(toTf(x), { training: true })).toBeDefined()
    expect(layer.getWeights().map((w) => Array.from(w.dataSync()))).toEqual(before)
  })
})

test('rmsScaling: x over its standard deviation, times gamma', () => {
  const layer = layers.layerNormalization({ rmsScaling: true, epsilon: 0.01 })
  const x = random([3, 5], 1, 2, 1)
  layer.build([null, 5])
  layer.setWeights([toTf(values([1, 2, 3, 4, 5]))])
  const { variance } = tf.moments(toTf(x), -1, true)
  const want = tf.mul(tf.div(toTf(x), tf.sqrt(tf.add(variance, 0.01))), tf.tensor([1, 2, 3, 4, 5]))
  const got = layer.apply(toTf(x)) as tf.Tensor
  expect(errorOf(got, { data: Float64Array.from(want.dataSync()), shape: [3, 5] })).toBeLessThanOrEqual(
    TOLERANCE,
  )
  expect(again(layer).getConfig()).toEqual(layer.getConfig())
})

describe('synchronized', () => {
  interface Answer {
    y: Float32Array
    dx: Float32Array
    gamma: Float32Array
    beta: Float32Array
    moving: Float32Array[]
    left: number
  }
  /** Rows of x and dy that each worker has. */
  async function together(x: Tensor, dy: Tensor, rows: number[], mask?: number[]): Promise<Answer[]> {
    const size = 8
    const memory = new SharedArrayBuffer(8 + rows.length * size * 4)
    const width = x.shape[1]
    let from = 0
    const workers = rows.map((n, rank) => {
      const part = ({ data }: Tensor) => ({
        data: Float64Array.from(data.slice(from * width, (from + n) * width)),
        shape: [n, width],
      })
      const masks = mask?.slice(from, from + n)
      const workerData = { rank, count: rows.length, memory, size, x: part(x), dy: part(dy), masks }
      from += n
      return new Worker(new URL('./syncWorker.ts', import.meta.url), {
        workerData,
        execArgv: ['--conditions=@normlab/source', '--no-warnings'],
        stdout: true,
        stderr: true,
      })
    })
    const answers = workers.map(async (worker) => (await once(worker, 'message'))[0] as Answer)
    try {
      return await Promise.all(answers)
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()))
    }
  }
  const join = (parts: Float32Array[]) => Float32Array.from(parts.flatMap((part) => Array.from(part)))
  const [gamma, beta] = [values([2, 0.5]), values([1, -1])]

  test.each([
    ['even batches', [4, 4], undefined],
    ['uneven batches of three', [1, 5, 2], undefined],
    ['masks', [4, 4], [1, 0, 1, 1, 1, 1, 0, 0]],
  ])('%s are as one batch, gradients too', { timeout: 30_000 }, async (_, rows, mask) => {
    const [x, dy] = [random([8, 2], 1, 2, 100), random([8, 2], 2)]
    const answers = await together(x, dy, rows, mask)
    const weights = mask && { data: Float64Array.from(mask), shape: [8, 1] }
    const options = { epsilon: 1e-3, decay: 0.5, ...(weights ? { weights } : {}) }
    const first = batchNorm.forward(x, { gamma, beta }, options)
    const back = batchNorm.backward(dy, first.saved)
    const after = batchNorm.forward(x, { gamma, beta }, { ...options, state: first.state }).state
    const sum = (name: 'gamma' | 'beta') =>
      Float32Array.from([0, 1], (c) => answers.reduce((all, one) => all + one[name][c], 0))
    expect(errorOf(join(answers.map(({ y }) => y)), first.y)).toBeLessThanOrEqual(5e-5)
    expect(errorOf(join(answers.map(({ dx }) => dx)), back.dx)).toBeLessThanOrEqual(5e-5)
    expect(errorOf(sum('gamma'), back.dgamma)).toBeLessThanOrEqual(5e-5)
    expect(errorOf(sum('beta'), back.dbeta)).toBeLessThanOrEqual(5e-5)
    for (const { moving, left } of answers) {
      expect(errorOf(moving[0], after.mean)).toBeLessThanOrEqual(TOLERANCE)
      expect(errorOf(moving[1], after.variance)).toBeLessThanOrEqual(5e-5)
      expect(left).toBe(1)
    }
  })

  test('without allReduce there is one worker; the config keeps the flag, and not the function', () => {
    const x = toTf(random([5, 3], 1))
    const [a, b] = [layers.batchNormalization({ synchronized: true }), layers.batchNormalization()].map(
      (layer) => layer.apply(x, { training: true }) as tf.Tensor,
    )
    expect(Array.from(a.dataSync())).toEqual(Array.from(b.dataSync()))
    const layer = layers.batchNormalization({ allReduce: (sums) => sums })
    expect(layer.getConfig()).toMatchObject({ synchronized: true })
    expect(layer.getConfig()).not.toHaveProperty('allReduce')
    expect(again(layer).allReduce).toBeUndefined()
  })

  test('sums of another length are refused; so is a gradient of the gradient', () => {
    const x = tf.ones([5, 3])
    const short = layers.batchNormalization({ allReduce: (sums) => sums.slice(1) })
    expect(() => short.apply(x, { training: true })).toThrow(/allReduce.*5 values for 6/)
    const one = layers.batchNormalization({ allReduce: (sums) => sums })
    one.build([5, 3])
    const f = (t: tf.Tensor) => one.call(t, { training: true })
    expect(() => tf.grad((t) => tf.grad(f)(t))(x)).toThrow(/allReduce/)
  })
})

test.each([
  ['renorm', { virtualBatchSize: 2, renorm: true }],
  ['synchronized', { renorm: true, synchronized: true }],
  ['virtualBatchSize', { virtualBatchSize: 1.5 }],
  ['renormClipping', { renorm: true, renormClipping: { rmax: 1, rmin: 2 } }],
  ['renormClipping', { renorm: true, renormClipping: { max: 1 } }],
  ['renormMomentum', { renorm: true, renormMomentum: 2 }],
  ['renorm', { renorm: 1 }],
  ['allReduce', { allReduce: 3 }],
])('refuses %s: %j', (argument, config) => {
  let error: unknown
  try {
    layers.batchNormalization(config as object)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(NormlabError)
  expect((error as NormlabError).argument).toBe(argument)
})
