import { param, show, table } from '@normlab/cell'
import { batchNorm, populationState, summaryOf, type RunningState } from '@normlab/core'
import { lossCurves } from '@normlab/viz'
import { batch, values } from '../stream.ts'

const decay = param('decay', 0.99, { min: 0.5, max: 0.999, step: 0.001, label: 'Weight of the old value' })

// After so many steps, inference begins: what mean and spread do normalized values really have then?
const asked = batch(values(4000))
const momentsAfter = (state: RunningState) => {
  const { y } = batchNorm.forward(asked, {}, { training: false, state })
  const { mean, variance } = summaryOf(y.data)
  return { mean, std: Math.sqrt(variance) }
}
const batches = Array.from({ length: 600 }, () => batch(values(16)))
let state = undefined as RunningState | undefined
const points = batches
  .map((x, i) => {
    state = batchNorm.forward(x, {}, { decay, state }).state
    return { step: i + 1, ...momentsAfter(state!) }
  })
  .filter(({ step }) => step % 10 === 0)
show((width) =>
  lossCurves(
    [
      { name: 'mean', phase: 'inference', points: points.map(({ step, mean }) => [step, mean] as const) },
      { name: 'std', phase: 'inference', points: points.map(({ step, std }) => [step, std] as const) },
    ],
    { width, xLabel: 'steps trained before inference', yLabel: 'normalized values' },
  ),
)
export const early = points[4]
export const late = points.at(-1)!
// One pass over the same fifty batches, every one of them counted alike.
export const recalibrated = momentsAfter(populationState(batches.slice(0, 50)))
table(
  [
    { statistics: 'running, after 50 steps', ...early },
    { statistics: 'of those 50 batches', step: 50, ...recalibrated },
    { statistics: 'running, after 600 steps', ...late },
  ],
  { digits: 3, caption: 'Normalized values at inference should have mean 0 and standard deviation 1' },
)
