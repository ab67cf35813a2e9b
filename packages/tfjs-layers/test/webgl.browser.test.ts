import { version_webgl } from '@tensorflow/tfjs-backend-webgl'
import { getBackend, setBackend } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { gpuKernels } from './gpuKernels.ts'
import { isThorough, layouts, named } from './layouts.ts'
import { recordSuite } from './suite.ts'
import { wrapperSuite } from './wrapperSuite.ts'

await setBackend('webgl')
test(`runs on webgl ${version_webgl}`, () => expect(getBackend()).toBe('webgl'))
// Every shape compiles its own programs, and every step costs tens of milliseconds: not everything that Node runs.
const some = /rank (2, last|3, two|4, first|6, last|6, axes)/
const inModels = ['SPADE', 'BatchRenorm']
recordSuite((record) =>
  isThorough(record)
    ? { layouts: layouts.filter(({ name }) => some.test(name)), steps: 20, cases: 1 }
    : { layouts: named('rank 4, first'), steps: inModels.includes(record.name) ? 4 : 0, cases: 1 },
)
wrapperSuite()
gpuKernels({ method: 'compileAndRun', most: 6, steps: 1000 })
