/** The fused kernels: that they run, how often, and that they give what the composition and core give. */
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, test } from 'vitest'
import { useCpu } from './cpu.ts'
import { errorOf, norms, pull, random, toTf, TOLERANCE } from './fixtures.ts'
import { built, kernelsOf } from './fusing.ts'
import { configToCore, randomWeights, stateOf } from './making.ts'
import { useWasm } from './wasm.ts'

const fused = norms.filter((record) => !record.apply).map((record) => [record.name, record] as const)

afterEach(useCpu)

const NAMES = ['NormlabNormalize', 'NormlabNormalizeGrad', 'NormlabApply', 'NormlabApplyGrad']

/** Runs as on a backend that has no kernels of ours. */
function withoutKernels<T>(run: () => T): T {
  const backend = tf.getBackend()
  const taken = NAMES.map((name) => tf.getKernel(name, backend))
  for (const name of NAMES) tf.unregisterKernel(name, backend)
  try {
    return run()
  } finally {
    taken.forEach(tf.registerKernel)
  }
}

describe.each([
  ['cpu', useCpu],
  ['wasm', useWasm],
] as const)('on %s', (backend, use) => {
  const shape = [4, 3, 12]

  test.each(fused)('%s trains with one forward and one backward kernel', async (_, record) => {
    await use()
    const { layer, inputs } = built(record, shape)
    const step = () => {
      pull(layer, random(shape, 1), random(shape, 2), { training: true }, inputs)
    }
    expect(await kernelsOf(step)).toEqual(['NormlabNormalize', 'NormlabNormalizeGrad'])
  })

  test.each(fused)('%s without kernels gives the same, and never an error', async (_, record) => {
    await use()
    const steps = [(run: () => ReturnType<typeof pull>) => run(), withoutKernels]
    const [got, want] = steps.map((wrap) => {
      const { layer, inputs } = built(record, shape)
      randomWeights(layer, 5)
      const result = wrap(() =>
        pull(layer, random(shape, 1, 2, 0.5), random(shape, 2), { training: true }, inputs),
      )
      const inference = wrap(() => pull(layer, random(shape, 1), random(shape, 2), {}, inputs))
      return {
        y: result.y,
        dx: result.dx,
        inferred: inference.y,
        frozen: inference.dx,
        ...result.byName,
        ...Object.fromEntries(layer.weights.map((weight, i) => [`weight ${i}`, weight.read()])),
      }
    })
    for (const [name, value] of Object.entries(want)) {
      const expected = { data: value.dataSync() as Float32Array, shape: value.shape }
      expect(errorOf((got as Record<string, tf.Tensor>)[name], expected), name).toBeLessThanOrEqual(TOLERANCE)
    }
  })

  test.each(fused.filter(([, { running }]) => running))(
    '%s with given statistics: one kernel each way, and core’s gradients',
    async (_, record) => {
      await use()
      const { layer, inputs } = built(record, shape)
      const weights = { ...randomWeights(layer, 7), ...inputs }
      const [x, dy] = [random(shape, 1, 2, 0.5), random(shape, 2)]
      let got!: ReturnType<typeof pull>
      const names = await kernelsOf(() => {
        got = pull(layer, x, dy, { training: false }, inputs)
        for (const t of [got.y, got.dx, ...Object.values(got.byName)]) tf.keep(t)
      })
      expect(names).toEqual(['NormlabApply', 'NormlabApplyGrad'])
      const params = Object.fromEntries(Object.keys(record.params).map((name) => [name, weights[name]]))
      const options = { ...configToCore(layer), axis: -1, training: false, state: stateOf(record, weights) }
      const { y, saved } = record.forward(x, params, options)
      const want = record.backward(dy, saved)
      expect(errorOf(got.y, y), 'y').toBeLessThanOrEqual(TOLERANCE)
      expect(errorOf(got.dx, want.dx), 'dx').toBeLessThanOrEqual(TOLERANCE)
      for (const name of Object.keys(params))
        expect(errorOf(got.byName[name], want[`d${name}`]), name).toBeLessThanOrEqual(TOLERANCE)
    },
  )

  test.each(fused.filter(([name]) => ['BatchNorm', 'LayerNorm', 'GroupNorm', 'InstanceNorm'].includes(name)))(
    '%s far from 0: a mean of 1e6 costs the gradient nothing',
    async (_, record) => {
      await use()
      const size = [16, 40, 24]
      const { layer } = built(record, size)
      const [x, dy] = [random(size, 1, 1, 1e6), random(size, 2)]
      const { y, saved } = record.forward(x, {}, { ...configToCore(layer), axis: -1 })
      const want = record.backward(dy, saved)
      const got = pull(layer, x, dy)
      expect(errorOf(got.y, y), 'y').toBeLessThanOrEqual(2e-6)
      expect(errorOf(got.dx, want.dx), 'dx').toBeLessThanOrEqual(2e-6)
    },
  )

  test.each(fused.filter(([name]) => ['BatchNorm', 'LayerNorm', 'GhostBatchNorm'].includes(name)))(
    '%s leaves nothing behind in 1,000 training steps',
    async (_, record) => {
      await use()
      const { layer } = built(record, shape)
      const [x, dy] = [toTf(random(shape, 1)), toTf(random(shape, 2))]
      const gammas = layer.trainableWeights.map((weight) => weight.read())
      const gradients = tf.grads(() => layer.call(x, { training: true }))
      const step = () => {
        tf.dispose(gradients([x, ...gammas], dy))
        tf.dispose(layer.apply(x, { training: true }) as tf.Tensor)
        tf.dispose(layer.apply(x) as tf.Tensor)
      }
      step()
      const before = { ...tf.memory(), ids: tf.backend().numDataIds() }
      for (let i = 0; i < 1000; i++) step()
      const after = { ...tf.memory(), ids: tf.backend().numDataIds() }
      expect(after).toEqual(before)
      expect(tf.getBackend()).toBe(backend)
    },
  )
})
