// Writes recording.json, the run that /shift/ shows before anyone presses Run: node -C @normlab/source docs/shift/record.ts
// oxlint-disable-next-line import/no-unassigned-import -- registers the backend
import '@tensorflow/tfjs-backend-cpu'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setBackend } from '@tensorflow/tfjs-core'
import { makeRecording } from './experiment/recording.ts'

await setBackend('cpu')
const recording = await makeRecording()
writeFileSync(join(import.meta.dirname, 'recording.json'), `${JSON.stringify(recording)}\n`)
const { layer, unit } = recording.neuron
console.log(`recording.json: neuron ${unit} of layer ${layer}, over ${recording.examples} examples`)
