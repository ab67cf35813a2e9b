import { assert, chart, param, table } from '@normlab/cell'
import { describe, linear, normals, relu } from '../layer.ts'

const gain = param('gain', 1, { min: 0.2, max: 3, step: 0.1, label: 'Weights, times' })

// 20 layers of 64 neurons with ReLU and weights of the size that keeps the mean square (He and others), times a gain.
const [UNITS, DEPTH, EXAMPLES] = [64, 20, 128]
const x = normals(EXAMPLES * UNITS, 1)
function deep(times: number): Float64Array[] {
  const layers: Float64Array[] = []
  for (let l = 0; l < DEPTH; l++) {
    const w = normals(UNITS * UNITS, 2 + l, times * Math.sqrt(2 / UNITS))
    layers.push(linear(layers.at(-1) ?? x, w, UNITS).map(relu))
  }
  return layers
}
const runs = { half: deep(0.5), whole: deep(1), twice: deep(2), yours: deep(gain) }
const spread = chart('standard deviation of the activations', { x: 'layer', y: 'std', yScale: 'log' })
for (let l = 0; l < DEPTH; l++)
  spread.add(
    l + 1,
    Object.fromEntries(Object.entries(runs).map(([name, layers]) => [name, describe(layers[l]).std])),
  )
table(
  [0, 4, 9, 19].map((l) => ({
    layer: l + 1,
    ...Object.fromEntries(Object.entries(runs).map(([name, layers]) => [name, describe(layers[l]).std])),
  })),
)
export const last = {
  half: describe(runs.half[DEPTH - 1]).std,
  whole: describe(runs.whole[DEPTH - 1]).std,
  twice: describe(runs.twice[DEPTH - 1]).std,
}
assert(last.half < 1e-5 && last.twice > 1e5, 'halved weights vanish, doubled weights explode')
