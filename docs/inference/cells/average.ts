import { param, show, table } from '@normlab/cell'
import { batchNorm } from '@normlab/core'
import { lossCurves } from '@normlab/viz'
import { batch, MEAN, values } from '../stream.ts'

const decay = param('decay', 0.9, { min: 0, max: 0.999, step: 0.001, label: 'Weight of the old value' })
const size = param('size', 16, { min: 2, max: 256, label: 'Batch size' })

const steps = 200
const rules = { chosen: decay, 'its complement': 1 - decay, 'all batches alike': 'cumulative' } as const
const states = { chosen: undefined, 'its complement': undefined, 'all batches alike': undefined } as Record<
  string,
  any
>
const curves: Record<string, [number, number][]> = {
  chosen: [],
  'its complement': [],
  'all batches alike': [],
}
for (let step = 1; step <= steps; step++) {
  const x = batch(values(size))
  for (const [name, rule] of Object.entries(rules)) {
    states[name] = batchNorm.forward(x, {}, { decay: rule, state: states[name] }).state
    curves[name].push([step, states[name]!.mean.data[0]])
  }
}
show((width) =>
  lossCurves(
    Object.entries(curves).map(([name, points]) => ({ name, points })),
    { width, xLabel: 'training step', yLabel: 'running mean', title: `The mean of the stream is ${MEAN}` },
  ),
)

const late = (name: string) => curves[name].slice(steps / 2).map(([, mean]) => mean - MEAN)
const rms = (errors: number[]) =>
  Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length)
export const noise = {
  chosen: rms(late('chosen')),
  complement: rms(late('its complement')),
  cumulative: rms(late('all batches alike')),
}
// It starts at 0: a share of decay^steps of that start is left.
export const after20 = curves.chosen[19][1]
export const left20 = decay ** 20
table(
  Object.entries(noise).map(([rule, error]) => ({ rule, 'error of the running mean, later half': error })),
  { digits: 3 },
)
