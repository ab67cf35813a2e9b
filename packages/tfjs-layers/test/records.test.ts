import { getBackend } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { useCpu } from './cpu.ts'
import { layouts } from './fixtures.ts'
import { recordSuite } from './suite.ts'

await useCpu()
test('runs on cpu', () => expect(getBackend()).toBe('cpu'))
recordSuite({ layouts })
