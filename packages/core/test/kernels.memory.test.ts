/** Kernel memory, the module itself, and dropout's mask. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { compile, entries } from '../scripts/kernels.ts'
import { alloc, dropout, free, layerNorm, batchNorm, groupNorm, reserve, rmsNorm } from '../src/index.ts'
import { Blocks } from '../src/kernels/blocks.ts'
import * as modules from '../src/kernels/bytes.ts'
import { blocksOf } from '../src/kernels/dealing.ts'
import { engine } from '../src/kernels/engine.ts'
import { Heap, moveTo, theHeap } from '../src/kernels/heap.ts'
import { bytesOf, instantiate, type Source } from '../src/kernels/module.ts'
import { decode, encode } from '../src/kernels/text.ts'
import type { AnyNorm } from '../src/normTypes.ts'
import { product } from '../src/plan.ts'
import { greatestError, normals, useKernels, type KernelMode } from '../src/testing/index.ts'
import { randomParams } from './fixtures.ts'

afterEach(() => void useKernels('auto'))

const filled = (length: number, seed = 1) => Float32Array.from(normals(length, seed))

const sources: [string, Source][] = Object.entries(modules)

test('every entry has its bytes', () => expect(Object.keys(modules)).toEqual([...entries].toSorted()))

test.each(sources)(
  'the bytes of %s are those of its sources',
  async (entry, { text }) => {
    expect(decode(text)).toEqual(new Uint8Array(await compile({ entry })))
    expect(text).not.toMatch(/[^ -~]|['"`\\$]/)
  },
  60_000,
)

test('every byte stands the way through text', () => {
  const bytes = Uint8Array.from({ length: 512 }, (_, i) => (i < 256 ? i : i * 7))
  expect(decode(encode(bytes))).toEqual(bytes)
})

test.each(sources)('both builds of %s are valid, need a memory alone, and declare no data', (_, source) => {
  for (const build of ['simd', 'relaxed'] as const) {
    const wasm = engine()!
    const bytes = bytesOf(source, build)
    expect(wasm.validate(bytes)).toBe(true)
    const memory = new wasm.Memory({ initial: 1 })
    new Uint8Array(memory.buffer).fill(7)
    instantiate(new wasm.Module(bytes), memory)
    expect(new Uint8Array(memory.buffer).every((value) => value === 7)).toBe(true)
  }
})

describe('alloc and free', () => {
  test('a kernel tensor gives the same result as an array, without a copy', () => {
    const shape = [40, 96]
    const x = alloc(shape)
    x.data.set(filled(40 * 96))
    const dy = alloc(shape)
    dy.data.set(filled(40 * 96, 2))
    const inside = layerNorm.forward(x)
    const outside = layerNorm.forward({ data: x.data.slice(), shape })
    expect(inside.y.data.buffer).toBe(x.data.buffer)
    expect(outside.y.data.buffer).not.toBe(x.data.buffer)
    expect(inside.y.data).toEqual(outside.y.data)
    const { dx } = layerNorm.backward(dy, inside.saved)
    expect(dx.data.buffer).toBe(x.data.buffer)
    free(x, dy, inside.y, dx)
    expect(x.data).toHaveLength(0)
  })

  test('streamed arrays longer than the scratch, in rows and columns', () => {
    const shape = [3, 50, 60, 8]
    const data = filled(3 * 50 * 60 * 8)
    const x = alloc(shape)
    x.data.set(data)
    for (const axis of [1, 3]) {
      const a = batchNorm.forward({ data, shape }, {}, { axis }).y.data
      const b = batchNorm.forward(x, {}, { axis }).y
      expect(Math.max(...a.map((value, i) => Math.abs(value - b.data[i])))).toBeLessThan(1e-6)
      free(b)
    }
    free(x)
  })

  test('a tensor outlives growth: its data is a new view of the same values', () => {
    const x = alloc([1000])
    x.data.fill(3)
    const before = x.data
    const large = alloc([theHeap()!.memory.buffer.byteLength / 4])
    expect(before).toHaveLength(0)
    expect(x.data.every((value) => value === 3)).toBe(true)
    free(x, large)
  })

  test('reserve makes room once', () => {
    reserve(1 << 22)
    const { buffer } = theHeap()!.memory
    const x = alloc([1 << 20])
    expect(theHeap()!.memory.buffer).toBe(buffer)
    free(x)
  })

  test('1e5 calls take no more memory', () => {
    const x = alloc([4, 16])
    const foreign = { data: filled(64), shape: [4, 16] }
    const size = () => [theHeap()!.memory.buffer.byteLength, blocksOf(theHeap()!).used]
    free(layerNorm.forward(x).y)
    layerNorm.forward(foreign)
    const before = size()
    for (let i = 0; i < 50_000; i++) {
      const { y, saved } = layerNorm.forward(x)
      free(y, layerNorm.backward(x, saved).dx)
      layerNorm.forward(foreign)
    }
    expect(size()).toEqual(before)
  }, 60_000)

  test.each([
    ['small', [64, 64], 200],
    ['large', [256, 256], 20],
  ] as const)('%s tensors that nobody holds are given back', async (_, shape, count) => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const blocks = blocksOf(theHeap()!)
    const before = blocks.used
    const bytes = shape[0] * shape[1] * 4
    for (let i = 0; i < count; i++) alloc(shape)
    expect(blocks.used - before).toBe(count * bytes)
    await vi.waitFor(() => {
      collect()
      // The last few small ones stay until others come.
      expect(blocks.used - before).toBeLessThanOrEqual(16 * bytes)
    })
  })

  test('the allocator merges what is given back', () => {
    let end = 0
    const blocks = new Blocks(64, (to) => (end = Math.max(end, to)))
    const at = [100, 64, 5000, 1].map((size) => blocks.alloc(size))
    expect(new Set(at).size).toBe(4)
    expect(at.every((address) => address % 64 === 0)).toBe(true)
    for (const i of [1, 3, 0, 2]) blocks.release(at[i])
    expect(blocks.used).toBe(0)
    expect(blocks.alloc(end - 64)).toBe(64)
  })
})

const SIZE = 1 << 22

/** Deals out a memory of SIZE bytes as others do, or its very end. */
class Edge extends Blocks {
  atEnd = false
  override alloc(bytes: number): number {
    return this.atEnd ? SIZE - Math.ceil(bytes / 64) * 64 : super.alloc(bytes)
  }
}

describe('no kernel reads or writes past the end of memory', () => {
  const own = theHeap()!
  afterEach(() => moveTo(own))
  const calls = (
    [
      [layerNorm, [5, 16], {}],
      [layerNorm, [1, 48], {}],
      [layerNorm, [2, 32], {}],
      [layerNorm, [16, 768], {}],
      [layerNorm, [7, 1000], {}],
      [layerNorm, [4, 4096], {}],
      [layerNorm, [2, 64, 9, 16], { axis: 1 }],
      [rmsNorm, [6, 16], {}],
      [rmsNorm, [9, 256], {}],
      [batchNorm, [6, 8, 8, 64], {}],
      [batchNorm, [6, 7, 9, 10], {}],
      [batchNorm, [3, 64, 8, 16], { axis: 1 }],
      [groupNorm, [2, 8, 8, 64], { g: 4 }],
      [groupNorm, [2, 64, 8, 16], { axis: 1, g: 4 }],
    ] as const
  ).map(([variant, shape, options]) => ({
    variant: variant as unknown as AnyNorm,
    shape: [...shape],
    options,
  }))

  test.each(calls)('$variant.name, $shape', ({ variant, shape, options }) => {
    const params = randomParams(variant, shape, options, 3)
    const [x, dy] = [1, 2].map((seed) => ({ data: filled(product(shape), seed), shape }))
    const want = variant.forward(x, params, options)
    const { dx } = variant.backward(dy, want.saved)
    for (const last of ['x', 'dy', 'y', 'dx']) {
      const wasm = engine()!
      const memory = new wasm.Memory({ initial: SIZE >> 16 })
      const blocks = new Edge(1024, () => {})
      moveTo(new Heap(memory, blocks))
      const at = <T>(name: string, make: () => T): T => {
        blocks.atEnd = name === last
        const made = make()
        blocks.atEnd = false
        return made
      }
      // What a call takes once is taken.
      const [a, b] = [alloc(shape), alloc(shape)]
      variant.backward(b, variant.forward(a, params, options).saved)
      const place = (name: string, { data }: { data: Float32Array }) =>
        at(name, () => {
          const tensor = alloc(shape)
          tensor.data.set(data)
          return tensor
        })
      const [from, up] = [place('x', x), place('dy', dy)]
      const { y, saved } = at('y', () => variant.forward(from, params, options))
      expect(greatestError(y.data, want.y.data)).toBeLessThan(1e-6)
      const got = at('dx', () => variant.backward(up, saved)).dx
      expect(greatestError(got.data, dx.data)).toBeLessThan(1e-6)
    }
  })
})

describe.each(['simd', 'relaxed'] as KernelMode[])('dropout, %s', (mode) => {
  test.each([1, 31, 32, 33, 4096, 4097, 100_003])('the mask of %i elements is that of draw', (length) => {
    const x = { data: new Float32Array(length).fill(1), shape: [length] }
    const options = { axes: { n: 0, c: [], s: [] }, seed: 2 ** 40 + 7, step: 5, rate: 0.3 }
    useKernels(mode)
    const { y } = dropout.forward(x, {}, options)
    const mask = dropout.draw(x.shape, options)
    expect(Array.from(y.data, (value) => (value === 0 ? 0 : 1))).toEqual(Array.from(mask))
  })
})
