import { getBackend } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { isTelling, isThorough, named } from './layouts.ts'
import { recordSuite } from './suite.ts'
import { useTensorflow } from './tensorflow.ts'

await useTensorflow()
test('runs on tensorflow', () => expect(getBackend()).toBe('tensorflow'))
recordSuite((record) => {
  const ownStream = record.name === 'Dropout' // what it draws: dropout.native.test.ts
  if (isThorough(record)) return { layouts: named(), steps: 200, ownStream }
  if (isTelling(record)) return { layouts: named(), steps: 24 }
  return { layouts: named('rank 4, first'), cases: 1, steps: 0 }
})
