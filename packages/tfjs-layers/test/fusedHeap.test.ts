/// <reference lib="dom" />
// oxlint-disable no-underscore-dangle -- Emscripten names its functions so
/** The fused kernels and tfjs-wasm's memory. */
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, expect, test } from 'vitest'
import { useCpu } from './cpu.ts'
import { errorOf, norms, pull, random, toTf, TOLERANCE } from './fixtures.ts'
import { built, kernelsOf } from './fusing.ts'
import { useWasm } from './wasm.ts'

afterAll(useCpu)

const shape = [64, 96]
const [x, dy] = [random(shape, 1), random(shape, 2)]
const record = norms.find(({ name }) => name === 'LayerNorm')!
const heap = () =>
  (tf.backend() as unknown as { wasm: { asm: { memory: WebAssembly.Memory } } }).wasm.asm.memory.buffer

test('grown past 300 MB between forward and backward, all is where it was', async () => {
  await useWasm()
  const { layer } = built(record, shape)
  const want = pull(layer, x, dy)
  const before = heap()
  const input = tf.variable(toTf(x))
  const big: tf.Tensor[] = []
  const dx = tf.grad(() => {
    const y = layer.call(input, { training: true })
    big.push(tf.keep(tf.ones([80_000_000])))
    return y
  })(input, toTf(dy))
  expect(heap()).not.toBe(before)
  expect(heap().byteLength).toBeGreaterThan(300e6)
  expect(Array.from(dx.dataSync())).toEqual(Array.from(want.dx.dataSync()))
  expect(Array.from(pull(layer, x, dy).y.dataSync())).toEqual(Array.from(want.y.dataSync()))
  tf.dispose(big)
})

test('shared with threads it is left to the composition', async () => {
  await useWasm()
  const { layer } = built(record, shape)
  const { wasm } = tf.backend() as unknown as { wasm: { asm: object } }
  const { asm } = wasm
  const shared = { memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }) }
  let y!: tf.Tensor
  try {
    wasm.asm = Object.create(asm, { memory: { value: shared.memory } })
    const names = await kernelsOf(() => {
      y = tf.keep(layer.apply(toTf(x), { training: true }) as tf.Tensor)
    })
    expect(names).toEqual([])
  } finally {
    wasm.asm = asm
  }
  expect(
    errorOf(y, record.forward(x, {}, { epsilon: layer.options.epsilon as number }).y),
  ).toBeLessThanOrEqual(TOLERANCE)
})

test('a training step copies nothing: of x’s size it makes y and dx', async () => {
  await useWasm()
  const { layer } = built(record, shape)
  const input = toTf(x)
  const up = toTf(dy)
  const gradients = tf.grads(() => layer.call(input, { training: true }))
  const weights = layer.trainableWeights.map((weight) => weight.read())
  const { wasm } = tf.backend() as unknown as { wasm: { _malloc(bytes: number): number } }
  gradients([input, ...weights], up)
  const { _malloc: malloc } = wasm
  const big: number[] = []
  try {
    Object.assign(wasm, {
      _malloc(bytes: number) {
        if (bytes >= input.size * 4) big.push(bytes)
        return malloc(bytes)
      },
    })
    gradients([input, ...weights], up)
  } finally {
    Object.assign(wasm, { _malloc: malloc })
  }
  expect(big).toEqual([input.size * 4, input.size * 4])
})
