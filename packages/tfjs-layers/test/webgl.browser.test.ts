import { version_webgl } from '@tensorflow/tfjs-backend-webgl'
import { getBackend, setBackend } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { layouts } from './fixtures.ts'
import { recordSuite } from './suite.ts'

await setBackend('webgl')
test(`runs on webgl ${version_webgl}`, () => expect(getBackend()).toBe('webgl'))
// Every shape compiles its own programs, so not all layouts.
recordSuite(
  layouts.filter(({ name }) => /rank [136]|apart/.test(name)),
  40,
)
