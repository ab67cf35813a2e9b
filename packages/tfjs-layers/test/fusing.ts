/** What the tests of the fused kernels share. */
import type { AnyNorm } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import type { NormLayer } from '../src/index.ts'
import { make, randomInputs, small } from './making.ts'

/** Our kernels in the order in which they ran. */
export async function kernelsOf(run: () => void): Promise<string[]> {
  const { kernels } = await tf.profile(run)
  return kernels.map(({ name }) => name).filter((name) => name.startsWith('Normlab'))
}

export function built(record: AnyNorm, shape: readonly number[], config: object = {}) {
  const layer = make(record, { ...small(record), ...config }) as NormLayer
  const inputs = randomInputs(record, shape, small(record), 3)
  const shapes = [shape, ...Object.values(inputs).map((input) => input.shape)].map((size) => [...size])
  layer.build(shapes.length > 1 ? shapes : shapes[0])
  return { layer, inputs }
}
