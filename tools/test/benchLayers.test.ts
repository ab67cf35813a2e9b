/** The layers' benchmark: its rows follow from the records, and what it measures is right before it is fast. */
import '@tensorflow/tfjs-backend-cpu'
import { NoiseLayer, NormLayer, layerClasses } from '@normlab/tfjs-layers'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { BACKENDS, BROWSER_BACKENDS, layerJobs } from '../bench/layers/jobs.ts'
import { measure } from '../bench/layers/measure.ts'

const jobs = layerJobs()
const jobOf = (layer: string) => jobs.find((job) => job.layer === layer && job.backend === 'cpu')!

test('every layer that is no wrapper has a row on each backend', () => {
  const own = Object.values(layerClasses).filter(({ prototype }) =>
    [NormLayer, NoiseLayer].some((Base) => prototype instanceof Base),
  )
  const inBrowsers = jobs.filter(({ backend }) => BROWSER_BACKENDS.includes(backend))
  expect(jobs).toHaveLength(own.length * BACKENDS.length + inBrowsers.length)
  const shared = jobs.filter(({ backend, sides }) => backend === 'cpu' && sides.includes('stock'))
  expect(inBrowsers).toHaveLength(shared.length * BROWSER_BACKENDS.length)
  for (const name of ['layerNormalization', 'batchNormalization', 'dropout'])
    expect(jobOf(name).sides, name).toEqual(['ours', 'composed', 'stock'])
  expect(jobOf('groupNormalization').sides).toEqual(['ours', 'composed'])
})

test.each([
  ['layerNormalization', ['NormlabNormalize', 'NormlabNormalizeGrad'], 2.5],
  ['dropout', ['NormlabDropout'], 2],
])('%s: checked, timed, its kernels counted, its memory measured', async (layer, names, most) => {
  await tf.setBackend('cpu')
  const job = { ...jobOf(layer), shape: [4, 16, 24] }
  const { error, step, inference, launches, peak } = await measure(job, 'ours', undefined, 5)
  expect(error).toBeLessThan(1e-6)
  for (const { ms, runs } of [step, inference]) expect(ms > 0 && runs > 0).toBe(true)
  expect(Object.keys(launches).filter((name) => name.startsWith('Normlab'))).toEqual(names)
  expect(peak).toBeGreaterThan(1)
  expect(peak).toBeLessThanOrEqual(most)
})

test('a side that is wrong is not timed', async () => {
  await tf.setBackend('cpu')
  const { kernelFunc } = tf.getKernel('NormlabNormalizeGrad', 'cpu')
  tf.unregisterKernel('NormlabNormalizeGrad', 'cpu')
  const wrong = { kernelName: 'NormlabNormalizeGrad', backendName: 'cpu' }
  tf.registerKernel({
    ...wrong,
    kernelFunc: ({ inputs, backend, attrs }) =>
      kernelFunc({ inputs: { ...inputs, x: inputs.dy }, backend, attrs }),
  })
  try {
    const job = { ...jobOf('layerNormalization'), shape: [4, 16, 24] }
    await expect(measure(job, 'ours', undefined, 5)).rejects.toThrow(/layerNormalization, ours: error/)
  } finally {
    tf.unregisterKernel('NormlabNormalizeGrad', 'cpu')
    tf.registerKernel({ ...wrong, kernelFunc })
  }
})
