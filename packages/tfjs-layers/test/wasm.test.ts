import { getBackend } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { layouts } from './fixtures.ts'
import { recordSuite } from './suite.ts'
import { useWasm } from './wasm.ts'

await useWasm()
test('runs on wasm', () => expect(getBackend()).toBe('wasm'))
recordSuite({ layouts })
