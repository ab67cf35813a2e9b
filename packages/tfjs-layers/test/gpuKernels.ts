/** What the kernels of a GPU do beyond the records' small layouts: programs, long cells, precision, masks, memory. */
import { dropout, norm, type AnyNorm } from '@normlab/core'
import { records, type Described } from '@normlab/core/records'
import { secondOrder } from '@normlab/core/testing'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { defineLayer, type NormLayer } from '../src/index.ts'
import { DROPOUT, runKernel } from '../src/kernels/contract.ts'
import { errorOf, random, toTf, TOLERANCE } from './fixtures.ts'
import { errorsOf, expectSmall, read } from './gpuSuite.ts'
import { make } from './making.ts'

const named = (name: string) =>
  Object.values(records).find((record) => record.name === name) as unknown as Described<AnyNorm>
const layer = named('LayerNorm')
const batch = named('BatchNorm')

/** Long cells are divided among workgroups or passes; sizes are odd, and not multiples of 4. */
const long = [
  { record: layer, what: 'few long rows', shape: [3, 70_002], axis: -1 },
  { record: layer, what: 'many rows', shape: [4, 513, 36], axis: -1 },
  { record: layer, what: 'odd', shape: [7, 5, 13], axis: -1 },
  { record: batch, what: 'channels last', shape: [6, 37, 35, 6], axis: -1 },
  { record: batch, what: 'channels first', shape: [6, 6, 37, 35], axis: 1 },
  { record: batch, what: 'channels of 3', shape: [9, 31, 31, 3], axis: -1 },
  { record: named('GroupNorm'), what: 'groups last', shape: [2, 41, 43, 12], axis: -1 },
  { record: named('GroupNorm'), what: 'groups first', shape: [2, 12, 41, 43], axis: 1 },
  { record: named('InstanceNorm'), what: 'instances last', shape: [2, 65, 65, 5], axis: -1 },
  { record: named('L2Norm'), what: 'lengths', shape: [5, 9, 7], axis: -1 },
].map((one) => ({ ...one, name: `${one.record.name}, ${one.what}`, values: one.record.cases[0] }))

/** A record that no file of the project knows: interleaved groups, centred mean squares, parameters along other axes. */
const unseen = norm({
  name: 'Unseen',
  stats: 'n s (k g) -> s g',
  center: true,
  scale: 'rms',
  params: { gamma: { along: 's c', init: 1, plusOne: true }, beta: { along: 'n', init: 0 } },
  options: { g: 3, epsilon: 0.01 },
  cases: [{ g: 3 }],
} as never) as unknown as AnyNorm

/** The layer's whole step, and no operation but its own: the gradient of every weight comes with that of x. */
function stepOf(record: AnyNorm, shape: number[], config: object = {}): () => tf.Tensor {
  const one = make(record, config) as NormLayer
  one.build(shape)
  const [x, dy] = [random(shape, 1), random(shape, 2)].map(toTf)
  const pull = tf.grad((t) => one.call(t, { training: true }))
  return () => pull(x, dy)
}

async function countCalls(method: string, step: () => tf.Tensor): Promise<number> {
  const backend = tf.backend() as unknown as Record<string, (...args: unknown[]) => unknown>
  const original = backend[method]
  let count = 0
  backend[method] = function (this: unknown, ...args: unknown[]) {
    count++
    return original.apply(this, args)
  }
  const made = step()
  // The method is the prototype's.
  delete backend[method]
  await read(made)
  return count
}

export interface Suited {
  /** The backend's method that every program goes through. */
  readonly method: string
  /** Programs of a LayerNorm's training step. */
  readonly most: number
  /** Steps of the leak tests. */
  readonly steps: number
}

export function gpuKernels({ method, most, steps }: Suited): void {
  test("a LayerNorm's training step is two kernels", async () => {
    const { kernels } = await tf.profile(() => stepOf(layer, [4, 16, 64])())
    const ours = kernels.map(({ name }) => name).filter((name) => name.startsWith('Normlab'))
    expect(ours).toEqual(['NormlabNormalize', 'NormlabNormalizeGrad'])
  })

  test.each([[[4, 128, 64]], [[8, 512, 768]], [[3, 5, 7]]])(
    `a LayerNorm's training step of %j is at most ${most} programs`,
    async (shape) => {
      const count = await countCalls(method, stepOf(layer, shape))
      expect(count).toBeGreaterThan(2)
      expect(count).toBeLessThanOrEqual(most)
    },
  )

  test.each(long)('$name: $shape', async ({ record, ...one }) => {
    expectSmall(await errorsOf(record, one), 'training')
    if (record.running) expectSmall(await errorsOf(record, one, false), 'inference')
  })

  test('a record unseen by the code', async () => {
    const Unseen = defineLayer(unseen)
    const build = (config: object) => new Unseen(config)
    for (const shape of [
      [4, 5, 12],
      [3, 2, 7, 9],
    ]) {
      const one = { name: 'unseen', shape, axis: -1, values: { g: 3 } }
      expectSmall(await errorsOf(unseen, one, true, undefined, build), String(shape))
    }
  })

  test.each([
    { record: layer, name: 'LayerNorm', shape: [64, 513], mean: 1e3 },
    { record: batch, name: 'BatchNorm', shape: [8, 33, 31, 6], mean: 1e3 },
    { record: layer, name: 'LayerNorm', shape: [8, 1024], mean: 1e5 },
  ])('$name of $shape with a mean of $mean times the spread', async ({ record, shape, mean }) => {
    const one = { name: '', shape, axis: -1, values: {} }
    // What float32 can hold of x is exact in both.
    const errors = await errorsOf(record, one, true, random(shape, 1, 1, mean))
    expectSmall(errors, `${mean}`, 1e-4)
  })

  test.each([
    [[1], 0.5, 0, 0],
    [[7], 0.3, 5, 1],
    [[3, 4, 5], 0.4, 9, 2 ** 33],
    [[5, 7, 9], 0.9, 2 ** 53 - 1, 3],
    [[33, 130], 0.1, 2 ** 32 + 7, 2 ** 32],
    [[64, 64, 9], 0.5, 1, 10],
    [[2, 3, 2, 1, 2, 5], 0.5, 1, 10],
    [[10], 1, 1, 1],
  ])("the mask of %j at rate %d, seed %d and step %d is core's", async (shape, rate, seed, step) => {
    const x = random(shape, 3)
    x.data[0] = NaN
    const [y] = tf.tidy(() => runKernel(DROPOUT, { x: toTf(x) }, { rate, seed, step }))
    expect(y.shape).toEqual(shape)
    const draw = dropout.draw(shape, { rate, seed, step })
    const scale = rate < 1 ? 1 / (1 - rate) : 0
    const got = Array.from(await y.data())
    const drawn = got.map((value) => (value === 0 ? 0 : 1))
    expect(drawn).toEqual(Array.from(draw))
    for (const [i, value] of got.entries())
      if (draw[i] && i > 0) expect(Math.abs(value - x.data[i] * scale)).toBeLessThan(1e-5 * scale)
  })

  test('the gradient of the gradient', async () => {
    const shape = [4, 3, 12]
    const [x, dy, v] = [1, 2, 3].map((seed) => random(shape, seed))
    const one = make(layer) as NormLayer
    one.build(shape)
    const params = {
      gamma: { data: new Float64Array(12).fill(1), shape: [12] },
      beta: { data: new Float64Array(12), shape: [12] },
    }
    const options = { epsilon: one.options.epsilon as number }
    const want = secondOrder(layer, { x, params, options }, dy, v)
    const first = tf.grad((t) => one.call(t, { training: true }))
    const [dx, ddy] = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(first(a, b), toTf(v))))([
      toTf(x),
      toTf(dy),
    ])
    await read(dx, ddy)
    expect(errorOf(dx, { data: want.x, shape })).toBeLessThan(2 * TOLERANCE)
    expect(errorOf(ddy, { data: want.dy, shape })).toBeLessThan(2 * TOLERANCE)
  })

  test(`${steps} training steps leave no tensor and no byte of the GPU's behind`, async () => {
    const config = { momentum: 0.9 }
    const all = [
      stepOf(layer, [4, 6, 12]),
      stepOf(batch, [4, 6, 12], config),
      stepOf(batch, [2, 65, 65, 3], config),
      () => tf.tidy(() => runKernel(DROPOUT, { x: tf.ones([100]) }, { rate: 0.5, seed: 1, step: 1 })[0]),
    ]
    const kept = make(batch) as NormLayer
    const [x] = [random([4, 6, 12], 1)].map(toTf)
    all.push(() => kept.apply(x) as tf.Tensor)
    const round = async () => {
      const made = all.map((step) => step())
      await read(made[0])
      tf.dispose(made)
    }
    await round()
    const memory = () => {
      const { numTensors, numBytes, ...more } = tf.memory() as tf.MemoryInfo & { numBytesInGPU: number }
      return { numTensors, numBytes, numBytesInGPU: more.numBytesInGPU, data: tf.backend().numDataIds() }
    }
    const before = memory()
    for (let i = 0; i < steps / all.length; i++) await round()
    expect(memory()).toEqual(before)
  }, 60_000)
}
