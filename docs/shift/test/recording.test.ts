// oxlint-disable-next-line import/no-unassigned-import -- registers the backend
import '@tensorflow/tfjs-backend-cpu'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { recording } from '../facts.ts'
import { makeRecording, type Recording } from '../experiment/recording.ts'

/** Relative. The runs are bit for bit the same on one engine; Math.exp and its kin differ in their last bits on others. */
const tolerance = 0.02

/** The whole recording is made again. */
let again: Recording
beforeAll(async () => {
  await setBackend('cpu')
  again = await makeRecording()
}, 180_000)

describe('recording.json is what the code gives', () => {
  test.each(['run', 'examples', 'neuron'] as const)('%s', (part) =>
    expect(again[part]).toEqual(recording[part]),
  )

  test.each(['without', 'with'] as const)('distributions, %s', (side) => {
    expect(Object.keys(again.packed[side].rows)).toEqual(Object.keys(recording.packed[side].rows))
    for (const [key, rows] of Object.entries(recording.packed[side].rows))
      rows.forEach(([, , mean, variance, ...counts], i) => {
        const [, , mean2, variance2, ...counts2] = again.packed[side].rows[key][i]
        const std = Math.sqrt(variance)
        expect(Math.abs(mean2 - mean)).toBeLessThanOrEqual(tolerance * Math.max(1, std))
        expect(Math.abs(Math.sqrt(variance2) - std)).toBeLessThanOrEqual(tolerance * Math.max(1, std))
        expect(sum(counts2)).toBe(sum(counts))
      })
  })
})

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
