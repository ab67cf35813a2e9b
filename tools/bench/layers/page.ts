/** The browser's part: bundled, and called with an order by browser.ts. */
import '@tensorflow/tfjs-backend-webgl'
import '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { measure } from './measure.ts'
import { measureModel } from './models.ts'
import type { Order } from './order.ts'

/** Waits until a GPU is done, by one number: what is queued runs in order. */
async function settle(t: tf.Tensor): Promise<void> {
  const one = tf.tidy(() => tf.slice(tf.reshape(t, [-1]), 0, 1))
  await one.data()
  one.dispose()
}

async function perform(order: Order): Promise<object> {
  try {
    const backend = 'job' in order ? order.job.backend : order.backend
    if (!(await tf.setBackend(backend))) return { failed: `the browser has no ${backend}` }
    return 'job' in order
      ? await measure(order.job, order.side, settle)
      : await measureModel(order.model, order.side)
  } catch (error) {
    return { failed: String((error as Error).message ?? error) }
  }
}

Object.assign(globalThis, { perform })
