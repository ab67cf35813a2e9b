/** `.keras` files that real Keras 3 saved: tools/oracle/make_keras_files.py. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { fromKeras } from '../src/exchange/keras/index.ts'
import { useCpu } from './cpu.ts'
import { errorOf } from './fixtures.ts'

await useCpu()

interface Array {
  shape: number[]
  data: number[]
}
const folder = join(import.meta.dirname, '../../../tools/oracle/golden/keras_files')
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.keras'))
  .map((name) => name.slice(0, -6))
const caseOf = (name: string) =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as { inputs: Array[]; outputs: Array[] }
// Computed in 16 bits there, and in 32 here.
const tolerances: Record<string, number> = { half: 2e-3, mixed: 1e-2 }
const bytesOf = (name: string) => new Uint8Array(readFileSync(join(folder, `${name}.keras`)))

describe('models of real Keras 3', () => {
  test.each(names)('%s: the same output', async (name) => {
    const warnings: string[] = []
    const model = await fromKeras(bytesOf(name), { onWarning: (message) => warnings.push(message) })
    const { inputs, outputs } = caseOf(name)
    const given = inputs.map(({ shape, data }, i) => tf.tensor(data, shape, model.inputs[i].dtype))
    const got = [model.predict(given.length > 1 ? given : given[0]) as tf.Tensor | tf.Tensor[]].flat()
    expect(got.length).toBe(outputs.length)
    got.forEach((y, i) =>
      expect(errorOf(y, outputs[i] as never)).toBeLessThanOrEqual(tolerances[name] ?? 1e-5),
    )
    expect(warnings).toEqual([])
  })
})
