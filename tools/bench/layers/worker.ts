/** A process for one side of one job: what one leaves behind slows no other. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { version_cpu } from '@tensorflow/tfjs-backend-cpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { useNativeBackend } from '@normlab/tfjs-layers/node'
import * as tf from '@tensorflow/tfjs-core'
import { findTfjsNode } from '../../libtensorflow/cache.ts'
import { measure } from './measure.ts'
import { measureModel } from './models.ts'
import type { Order } from './order.ts'

async function use(backend: string): Promise<void> {
  if (backend === 'tensorflow') {
    const from = join(findTfjsNode()!, '../../..')
    await useNativeBackend({ from, packages: ['@tensorflow/tfjs-node'], log: false })
    return
  }
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  const wasm = dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))
  setWasmPaths(join(wasm, '/'))
  if (!(await tf.setBackend(backend))) throw new Error(`no backend ${backend} (cpu is ${version_cpu})`)
}

process.once('message', async (order: Order) => {
  let answer: object
  try {
    // The advice to install tfjs-node.
    console.warn = () => {}
    if ('job' in order) {
      await use(order.job.backend)
      answer = await measure(order.job, order.side)
    } else {
      await use(order.backend)
      answer = await measureModel(order.model, order.side)
    }
  } catch (error) {
    answer = { failed: String((error as Error).message ?? error) }
  }
  process.send!(answer, undefined, undefined, () => process.exit())
})
