import { expect, test } from 'vitest'
import { unpack } from '../experiment/packed.ts'
import { DEPTH, WIDTH } from '../network.ts'
import { moments } from '../experiment/attribution.ts'
import { recording } from '../facts.ts'
import { train, valuesOf } from '../training.ts'

// Two programs, one experiment: TensorFlow.js, by which the figure's run was recorded, and core, by which the cells run.
test.each(['without', 'with'] as const)('core trains as TensorFlow.js does, %s normalization', (side) => {
  const looks = train({ norm: side === 'with' ? 'batch' : 'none' })
  let checked = 0
  for (const what of ['pre', 'post'] as const)
    for (let layer = 1; layer <= DEPTH; layer++)
      for (let unit = 1; unit <= WIDTH; unit++) {
        const { distributions } = unpack(recording.packed[side], { scope: 'neuron', layer, unit, side: what })
        for (const { epoch, summary } of distributions) {
          const { mean, std } = moments(valuesOf(looks[epoch], layer, unit, what))
          const room = 1e-3 * Math.max(1, std)
          expect(Math.abs(mean - summary.mean), `layer ${layer}, unit ${unit}, epoch ${epoch}`).toBeLessThan(
            room,
          )
          expect(Math.abs(std - Math.sqrt(summary.variance))).toBeLessThan(room)
          checked++
        }
      }
  expect(checked).toBe(2 * DEPTH * WIDTH * 3)
})
