import { version_cpu } from '@tensorflow/tfjs-backend-cpu'
import { getBackend, setBackend } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { layouts } from './fixtures.ts'
import { recordSuite } from './suite.ts'

await setBackend('cpu')
test(`runs on cpu ${version_cpu}`, () => expect(getBackend()).toBe('cpu'))
recordSuite(layouts)
