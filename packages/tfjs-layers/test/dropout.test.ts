import { dropout } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, describe, expect, test } from 'vitest'
import { layers } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { pull, random, toTf } from './fixtures.ts'
import { useWasm } from './wasm.ts'

afterAll(useCpu)

const kept = (y: tf.Tensor) => Array.from(y.dataSync(), (value) => (value === 0 ? 0 : 1))

describe.each([
  ['cpu', useCpu],
  ['wasm', useWasm],
] as const)('dropout on %s', (backend, use) => {
  const shape = [3, 4, 5]
  const ones = { data: new Float64Array(60).fill(1), shape }

  test("step after step the mask is core's draw, and backward has the same", async () => {
    await use()
    const layer = layers.dropout({ rate: 0.4, seed: 9 })
    const masks = [0, 1, 2].map((step) => {
      const { y, dx } = pull(layer, ones, ones)
      expect(kept(y)).toEqual(Array.from(dropout.draw(shape, { rate: 0.4, seed: 9, step })))
      expect(Array.from(dx.dataSync())).toEqual(Array.from(y.dataSync()))
      return String(kept(y))
    })
    expect(new Set(masks).size).toBe(3)
    expect(layer.step).toBe(3)
    const { y } = pull(layers.dropout({ rate: 0.4, seed: 9 }), random(shape, 1), ones)
    const want = dropout.forward(random(shape, 1), {}, { rate: 0.4, seed: 9 }).y.data
    expect(Math.max(...y.dataSync().map((value, i) => Math.abs(value - want[i])))).toBeLessThan(1e-6)
  })

  test.each([1, 2, 6])('rank %i', async (rank) => {
    await use()
    const size = [2, 3, 2, 1, 2, 5].slice(0, rank)
    const y = layers.dropout({ seed: 1 }).apply(tf.ones(size), { training: true }) as tf.Tensor
    expect(kept(y)).toEqual(Array.from(dropout.draw(size, { seed: 1 })))
  })

  test('noiseShape: elements that share a mask are dropped together', async () => {
    await use()
    const y = layers
      .dropout({ seed: 4, noiseShape: [null, 1, null] })
      .apply(tf.ones(shape), { training: true }) as tf.Tensor
    const draw = dropout.draw([3, 1, 5], { seed: 4 })
    expect(kept(y)).toEqual(Array.from({ length: 60 }, (_v, i) => draw[Math.floor(i / 20) * 5 + (i % 5)]))
  })

  test('rate 1 drops all, NaN too; rate 0 and inference are the identity', async () => {
    await use()
    const x = tf.tensor([NaN, Infinity, 1, -2])
    const all = layers.dropout({ rate: 1 }).apply(x, { training: true }) as tf.Tensor
    expect(Array.from(all.dataSync())).toEqual([0, 0, 0, 0])
    for (const y of [
      layers.dropout({ rate: 0 }).apply(x, { training: true }),
      layers.dropout({ rate: 1 }).apply(x),
    ])
      expect(Array.from((y as tf.Tensor).dataSync())).toEqual([NaN, Infinity, 1, -2])
    expect(layers.dropout().supportsMasking).toBe(true)
  })

  test('dropout is one kernel each way, without an intermediate', async () => {
    await use()
    const layer = layers.dropout({ rate: 0.3, seed: 4 })
    const x = toTf(random([40, 33], 1))
    const { kernels } = await tf.profile(() => {
      tf.grad((t) => layer.call(t, { training: true }))(x, x)
    })
    // tfjs clones what is saved: the mask, a bit an element.
    const names = kernels.map(({ name }) => name).filter((name) => name.startsWith('Normlab'))
    expect(names).toEqual(['NormlabDropout', backend === 'wasm' ? 'NormlabDropoutGrad' : 'NormlabDropout'])
  })

  test.each([1, 15, 16, 17, 63, 64, 65, 300])(
    'of %i elements backward has forward’s mask, for any gradient',
    async (size) => {
      await use()
      const layer = layers.dropout({ rate: 0.3, seed: size })
      const [x, dy] = [2, 3].map((seed) => random([1, size], seed))
      const { y, dx } = pull(layer, x, dy)
      const [got, mask] = [dx.dataSync(), kept(y)]
      mask.forEach((keep, i) => expect(got[i]).toBeCloseTo(keep ? Number(dy.data[i]) / 0.7 : 0, 5))
      expect(y.size).toBe(size)
    },
  )

  test('dropout’s gradient of the gradient has the same mask', async () => {
    await use()
    const layer = layers.dropout({ rate: 0.3, seed: 4 })
    const x = tf.ones([50])
    const first = (v: tf.Tensor) => tf.grad((t) => layer.call(t, { training: true }))(x, v)
    const mask = layers.dropout({ rate: 0.3, seed: 4 }).apply(x, { training: true }) as tf.Tensor
    expect(Array.from(tf.grad(first)(x, x).dataSync())).toEqual(Array.from(mask.dataSync()))
  })
})

// keras/src/layers/regularization/dropout_test.py, 3422977a5e38 (Apache-2.0)
test.each([0, -1, 0.5])('a noise shape with %d is refused', (size) => {
  expect(() => layers.dropout({ noiseShape: [null, size, null] })).toThrow(/noiseShape/)
})

test('without a seed two layers differ; the config says that none was given', async () => {
  await useCpu()
  const x = toTf(random([1000], 1))
  const [a, b] = [layers.dropout(), layers.dropout()].map((layer) =>
    String(kept(layer.apply(x, { training: true }) as tf.Tensor)),
  )
  expect(a).not.toBe(b)
  expect(layers.dropout().getConfig()).toMatchObject({ seed: null, step: 0, rate: 0.5 })
})

test('a layer made from the config goes on with the next mask', async () => {
  await useCpu()
  const x = tf.ones([50])
  const first = layers.dropout({ seed: 2 })
  first.apply(x, { training: true })
  const second = layers.dropout(first.getConfig() as object)
  const [a, b] = [first, second].map((layer) => kept(layer.apply(x, { training: true }) as tf.Tensor))
  expect(b).toEqual(a)
})
