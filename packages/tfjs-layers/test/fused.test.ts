/** The fused kernels: that they run, how often, and that they give what the composition gives. */
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, test } from 'vitest'
import type { NormLayer } from '../src/index.ts'
import { useCpu } from './cpu.ts'
import { norms, pull, random } from './fixtures.ts'
import { make, randomInputs, small } from './making.ts'

const fused = norms.filter((record) => !record.apply)

afterEach(useCpu)

async function kernelsOf(run: () => void): Promise<string[]> {
  const { kernels } = await tf.profile(run)
  return kernels.map(({ name }) => name).filter((name) => name.startsWith('Normlab'))
}

describe.each([['cpu', useCpu]] as const)('on %s', (_, use) => {
  test.each(fused.map((record) => [record.name, record] as const))(
    '%s trains with one forward and one backward kernel',
    async (_name, record) => {
      await use()
      const layer = make(record, small(record)) as NormLayer
      const shape = [4, 3, 12]
      const inputs = randomInputs(record, shape, small(record), 3)
      const shapes = [shape, ...Object.values(inputs).map((input) => [...input.shape])]
      layer.build(shapes.length > 1 ? shapes : shape)
      const step = () => {
        pull(layer, random(shape, 1), random(shape, 2), { training: true }, inputs)
      }
      expect(await kernelsOf(step)).toEqual(['NormlabNormalize', 'NormlabNormalizeGrad'])
    },
  )
})
