/** Engines that compile no more than a few kB at once on the main thread, as Chrome did before version 115. */
import { afterEach, expect, test, vi } from 'vitest'
import { engine } from '../src/kernels/engine.ts'
import { normals } from '../src/testing/random.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/** Chrome's was 4096; less than that, so that every module here is too long. */
const LIMIT = 1024

test('a module too long for one go is compiled beside; until then the scalar kernels serve', async () => {
  const { Module, Instance, Memory, validate, compile } = engine()!
  const late: number[] = []
  function Short(bytes: Uint8Array): object {
    if (bytes.length > LIMIT) throw new RangeError('buffer source is too large')
    return new Module(bytes)
  }
  vi.stubGlobal('WebAssembly', {
    Module: Short,
    Instance,
    Memory,
    validate,
    compile(bytes: Uint8Array) {
      late.push(bytes.length)
      return compile(bytes)
    },
  })
  vi.resetModules()
  const { layerNorm } = await import('../src/variants/layerNorm.ts')
  const { theHeap } = await import('../src/kernels/heap.ts')
  const { vectors } = await import('../src/kernels/bytes.ts')
  const x = { data: Float32Array.from(normals(64 * 32, 1)), shape: [64, 32] }
  const before = layerNorm.forward(x).y.data
  expect(late.length).toBeGreaterThan(0)
  await vi.waitFor(() => expect(theHeap()!.kernels(vectors)).toBeDefined())
  const after = layerNorm.forward(x).y.data
  expect(after).not.toEqual(before)
  for (let i = 0; i < after.length; i++) expect(Math.abs(after[i] - before[i])).toBeLessThan(1e-6)
})
