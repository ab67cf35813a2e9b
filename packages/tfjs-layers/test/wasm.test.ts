import { getBackend } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { isTelling, isThorough, named } from './layouts.ts'
import { recordSuite } from './suite.ts'
import { useWasm } from './wasm.ts'
import { wrapperSuite } from './wrapperSuite.ts'

await useWasm()
test('runs on wasm', () => expect(getBackend()).toBe('wasm'))
const essential = named('rank 3, last', 'rank 4, first', 'rank 4, axes apart', 'rank 6, last')
recordSuite((record) => {
  if (isThorough(record)) return { layouts: named(), steps: 200 }
  if (isTelling(record)) return { layouts: essential, steps: 24 }
  return { layouts: named('rank 4, first'), cases: 1, steps: 0 }
})
wrapperSuite()
