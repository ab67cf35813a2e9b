/** Kernels on two and three threads, held against the same calls on one. */
import { Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { alloc, batchNorm, dropout, free, groupNorm, instanceNorm, layerNorm, rmsNorm } from '../src/index.ts'
import type { AnyNorm } from '../src/normTypes.ts'
import { product } from '../src/plan.ts'
import type { Tensor } from '../src/tensor.ts'
import type { Options } from './fixtures.ts'
import { greatestError, normals, useKernels } from '../src/testing/index.ts'
import { threads, type Threads } from '../src/threads/index.ts'
import { SPLITS } from '../src/threads/split.ts'

const asNorm = (variant: unknown): AnyNorm => variant as AnyNorm
// Of 2^18 elements or more, and of counts that no number of threads divides.
const calls: readonly (readonly [string, AnyNorm, readonly number[], Options])[] = [
  ['LayerNorm rows', asNorm(layerNorm), [513, 768], {}],
  ['LayerNorm rows of an odd length', asNorm(layerNorm), [801, 771], {}],
  ['LayerNorm, channels first', asNorm(layerNorm), [2, 163, 41, 43], { axis: 1 }],
  ['RMSNorm rows', asNorm(rmsNorm), [515, 1024], {}],
  ['BatchNorm, channels last', asNorm(batchNorm), [7, 41, 43, 64], {}],
  ['BatchNorm, channels first', asNorm(batchNorm), [7, 41, 43, 50], { axis: 1 }],
  ['GroupNorm, channels first', asNorm(groupNorm), [7, 48, 41, 43], { axis: 1, g: 4 }],
  ['GroupNorm, channels last', asNorm(groupNorm), [7, 41, 43, 48], { g: 4 }],
  ['InstanceNorm, channels first', asNorm(instanceNorm), [7, 50, 41, 43], { axis: 1 }],
]

const filled = (shape: readonly number[], seed: number): Tensor => {
  const tensor = alloc(shape)
  tensor.data.set(normals(product(shape), seed))
  return tensor
}
const copy = ({ data, shape }: Tensor): Tensor => ({ data: Float32Array.from(data), shape })

/** Every array that the calls answer with. */
function answers(): Map<string, Tensor> {
  const found = new Map<string, Tensor>()
  for (const [title, variant, shape, options] of calls) {
    const [x, dy] = [filled(shape, 1), filled(shape, 2)]
    const params = Object.fromEntries(
      Object.keys(variant.params).map((name, i) => {
        const size = variant.paramShape(name, shape, options)
        return [name, { data: Float32Array.from(normals(product(size), 3 + i)), shape: size }]
      }),
    )
    const { y, saved } = variant.forward(x, params, options)
    const gradients = variant.backward(dy, saved) as Record<string, Tensor>
    for (const [name, tensor] of Object.entries({ y, ...gradients }))
      found.set(`${title}: ${name}`, copy(tensor))
    free(x, dy, y, gradients.dx)
  }
  const x = filled([1001, 777], 1)
  found.set('dropout: y', copy(dropout.forward(x, {}, { rate: 0.3, seed: 7 }).y))
  free(x)
  return found
}

let one: Map<string, Tensor>
let open: Threads | undefined
beforeAll(() => void (one = answers()), 60_000)
afterEach(async () => {
  useKernels('auto')
  await open?.close()
  open = undefined
})
afterAll(() => useKernels('auto'))

/** Calls that really ran on several threads. */
const cut = new Set<string>()
const watched = SPLITS as Record<string, (typeof SPLITS)[string]>
for (const [name, split] of Object.entries(watched)) {
  const { size } = split
  watched[name] = { ...split, size: (a) => (cut.add(name), size(a)) }
}

describe.each([2, 3])('%i threads', (count) => {
  test('answer as one does', async () => {
    open = await threads(count)
    cut.clear()
    const several = answers()
    expect([...several.keys()]).toEqual([...one.keys()])
    for (const [title, { data }] of several) {
      const wanted = one.get(title)!.data
      const [norm, name] = title.split(': ')
      // No sum is cut where cells are rows, nor in dropout.
      if (name === 'y' && !/BatchNorm|channels (last|first)/.test(norm)) expect(data, title).toEqual(wanted)
      else expect(greatestError(data, wanted), title).toBeLessThan(name === 'y' ? 1e-7 : 3e-7)
    }
    expect([...cut].toSorted()).toEqual(Object.keys(SPLITS).toSorted())
  }, 60_000)
})

test('the modes of tests run on one thread, over the same memory', async () => {
  open = await threads()
  const x = filled([513, 768], 1)
  const wanted = copy(layerNorm.forward(x).y)
  for (const mode of ['simd', 'relaxed', 'scalar'] as const) {
    useKernels(mode)
    expect(greatestError(layerNorm.forward(x).y.data, wanted.data), mode).toBeLessThan(2e-7)
  }
})

test('tensors outlive close, and what was there before is still read right', async () => {
  const before = filled([300, 1024], 5)
  open = await threads()
  const wanted = copy(layerNorm.forward(before).y)
  const after = alloc(before.shape)
  after.data.set(before.data)
  expect(after.data.buffer).toBeInstanceOf(SharedArrayBuffer)
  const { y } = layerNorm.forward(after)
  await open.close()
  expect(y.data).toEqual(wanted.data)
  expect(layerNorm.forward(after).y.data).toEqual(wanted.data)
  free(before, after)
  expect(before.data).toHaveLength(0)
})

test('close ends the workers; a second close, and threads anew, are fine', async () => {
  const { process } = globalThis
  const started: Worker[] = []
  const { getBuiltinModule } = process
  class Watched extends Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given)
      started.push(this)
    }
  }
  process.getBuiltinModule = ((name: string) =>
    name === 'node:worker_threads' ? { Worker: Watched } : getBuiltinModule(name)) as typeof getBuiltinModule
  try {
    const three = await threads(3)
    expect(three.count).toBe(3)
    const gone = Promise.all(started.map((worker) => new Promise((resolve) => worker.on('exit', resolve))))
    await three.close()
    await three.close()
    expect(await gone).toHaveLength(2)
    open = await threads()
    expect(started).toHaveLength(3)
  } finally {
    process.getBuiltinModule = getBuiltinModule
  }
})

test('a worker that is lost is an error, not a hang', async () => {
  open = await threads()
  const x = filled([513, 768], 1)
  const { size } = watched.vectorForward
  watched.vectorForward = { ...watched.vectorForward, data: [0, 1, 3] } // rows of a length that leaves the memory
  try {
    expect(() => layerNorm.forward(x)).toThrow('a thread failed')
  } finally {
    watched.vectorForward = { ...watched.vectorForward, data: [0, 1], size }
  }
})

test.each([1, 17, 2.5, NaN, '2', null])('threads(%s) is refused', async (count) => {
  await expect(threads(count as number)).rejects.toThrow(/count/)
})

test('threads twice, and without SharedArrayBuffer, are refused', async () => {
  open = await threads()
  await expect(threads()).rejects.toThrow('there are threads already')
  await open.close()
  const known = globalThis.SharedArrayBuffer
  Reflect.deleteProperty(globalThis, 'SharedArrayBuffer')
  try {
    await expect(threads()).rejects.toThrow('Cross-Origin-Opener-Policy')
  } finally {
    globalThis.SharedArrayBuffer = known
  }
})
