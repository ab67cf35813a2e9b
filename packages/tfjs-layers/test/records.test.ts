import '@tensorflow/tfjs-backend-cpu'
import { setBackend } from '@tensorflow/tfjs-core'
import { layouts } from './fixtures.ts'
import { recordSuite } from './suite.ts'

await setBackend('cpu')
recordSuite(layouts)
