import { assert, chart, near, param, table } from '@normlab/cell'
import { describe, linear, normals, relu } from '../layer.ts'

const gain = param('gain', 1.2, { min: 0.2, max: 3, step: 0.1, label: 'Weights, times' })

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
const runs = { halved: deep(0.5), right: deep(1), doubled: deep(2), yours: deep(gain) }
const spread = (l: number) =>
  Object.fromEntries(Object.entries(runs).map(([name, layers]) => [name, describe(layers[l]).std]))

const curves = chart('standard deviation of the activations', { x: 'layer', y: 'std', yScale: 'log' })
for (let l = 0; l < DEPTH; l++) curves.add(l + 1, spread(l))
table([0, 4, 9, 19].map((l) => ({ layer: l + 1, ...spread(l) })))
export const last = describe(runs.right[DEPTH - 1]).std
// ReLU lets a positive factor through: 20 layers multiply by 2 to the 20.
assert(near(spread(19).doubled / last / 2 ** 20, 1, 1e-9), 'doubled weights: a million times as much')
assert(near((spread(19).halved / last) * 2 ** 20, 1, 1e-9), 'halved weights: a millionth')
