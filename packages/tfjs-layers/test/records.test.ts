import { getBackend } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { useCpu } from './cpu.ts'
import { isTelling, isThorough, named } from './layouts.ts'
import { recordSuite } from './suite.ts'

await useCpu()
test('runs on cpu', () => expect(getBackend()).toBe('cpu'))
const essential = named('rank 3, last', 'rank 4, first', 'rank 4, axes apart', 'rank 6, last')
recordSuite((record) =>
  isThorough(record)
    ? { layouts: named(), steps: 200 }
    : { layouts: isTelling(record) ? named() : essential, steps: isTelling(record) ? 60 : 24 },
)
