/** useNativeBackend with a tfjs-node that was built. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { layers } from '../src/index.ts'
import { doctor, installLibtensorflow, TENSORFLOW, useNativeBackend } from '../src/node.ts'

const folder = process.env.NORMLAB_TFJS_NODE!
const from = join(folder, '../../..')

test('tfjs-node is chosen, with its libtensorflow, and the layers run on it', async () => {
  const { package: name, backend, tensorflow, refused } = await useNativeBackend({ from, log: false })
  expect([name, backend]).toEqual(['@tensorflow/tfjs-node', 'tensorflow'])
  expect(tensorflow).toMatch(/^2\./)
  expect(refused.map((one) => one.package)).toEqual(['@tensorflow/tfjs-node-gpu'])
  const y = layers.layerNormalization().apply(tf.tensor2d([[1, 2, 3]])) as tf.Tensor
  expect(Math.abs(y.dataSync()[2] - Math.sqrt(1.5))).toBeLessThan(1e-3)
})

test('doctor finds it ready', async () => {
  const { packages } = await doctor({ from })
  expect(packages.find(({ name }) => name === '@tensorflow/tfjs-node')).toMatchObject({
    folder,
    refused: undefined,
  })
})

// Another's tfjs-node (NORMLAB_TFJS_NODE) is left as it is.
test.skipIf(!existsSync(join(folder, 'deps/normlab.json')))(
  'a second installation finds the first and does nothing',
  async () => {
    expect(await installLibtensorflow(folder)).toEqual({ fresh: false, tensorflow: TENSORFLOW, gpu: false })
  },
)

test('the addon that was built serves the Node that npm test was called with', async () => {
  const node = process.env.NORMLAB_CALLER_NODE ?? process.execPath
  const script = `
    const util = require('node:util')
    util.isNullOrUndefined ??= (value) => value == null
    util.isArray ??= Array.isArray
    const tf = require(${JSON.stringify(folder)})
    console.log(tf.getBackend(), tf.sum([1, 2]).dataSync()[0])`
  const { stdout } = await promisify(execFile)(node, ['-e', script])
  expect(stdout.trim()).toBe('tensorflow 3')
})
