import { assert, param, show } from '@normlab/cell'
import { dropout } from '@normlab/core'
import { maskedNetwork } from '@normlab/viz'
import { run, UNITS } from '../small.ts'

const phase = param('phase', 'training', { choices: ['training', 'inference'], label: 'Phase' })
const step = param('step', 0, { min: 0, max: 30, label: 'Training step' })
const rate = param('rate', 0.5, { min: 0, max: 1, step: 0.05, label: 'Rate p' })

// The mask is drawn from the layer's seed and the step. At inference there is none.
const training = phase === 'training'
const options = (layer: number) => ({ rate, seed: layer + 1, step, training })
const kept = [0, 1].map((layer) =>
  training ? dropout.draw([1, UNITS], options(layer)) : new Float32Array(UNITS).fill(1),
)
const [input, first, second, output] = run(options)

show((width) =>
  maskedNetwork(
    [
      { label: 'input', values: input },
      { label: 'hidden 1', values: first, kept: kept[0] },
      { label: 'hidden 2', values: second, kept: kept[1] },
      { label: 'output', values: output },
    ],
    { width, title: training ? `Training, step ${step}` : 'Inference' },
  ),
)
export const units = kept.map((mask) => mask.reduce((a, b) => a + b))
export const given = output[0]
export const atInference = run(() => ({ training: false }))[3][0]
// The same example, at ten steps.
export const tenSteps = Array.from(
  { length: 10 },
  (_, at) => run((layer) => ({ rate, seed: layer + 1, step: at }))[3][0],
)
export const least = Math.min(...tenSteps)
export const greatest = Math.max(...tenSteps)
assert(
  training || given === atInference,
  'at inference every unit is kept, and the answer is always the same',
)
