import '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import '../src/index.ts'
import { gpuKernels } from './gpuKernels.ts'
import { gpuSuite } from './gpuSuite.ts'
import { isThorough, layouts, named } from './layouts.ts'

/** Why there is no adapter. */
async function missing(): Promise<string | undefined> {
  const { gpu } = navigator as Navigator & { gpu?: { requestAdapter(): Promise<object | null> } }
  if (!gpu) return 'the browser has no WebGPU'
  return (await gpu.requestAdapter()) ? undefined : 'the browser has WebGPU and no adapter for it'
}
const why = await missing()
if (why) console.warn(`\nNO WEBGPU: ${why}. Its kernels are not tested.\n`)
else await tf.setBackend('webgpu')

describe.skipIf(why)('webgpu', () => {
  const refused: string[] = []
  test('runs', () => {
    expect(tf.getBackend()).toBe('webgpu')
    const { device } = tf.backend() as unknown as { device: EventTarget }
    device.addEventListener('uncapturederror', (event) =>
      refused.push((event as Event & { error: { message: string } }).error.message),
    )
  })

  // Every shape of loops compiles a pipeline.
  const some = named('rank 4, first')
  const more = layouts.filter(({ name }) => /rank (1|2, first|3, last|4|6, axes)/.test(name))
  gpuSuite((record) => (isThorough(record) ? more : some))
  gpuKernels({ method: 'runWebGPUProgram', most: 5, steps: 1000 })

  // A program that is refused gives zeros and throws nothing.
  test('no shader and no binding was refused', () => expect(refused).toEqual([]))
})
