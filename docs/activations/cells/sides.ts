import { assert, param, show, table } from '@normlab/cell'
import { histograms } from '@normlab/viz'
import { describe } from '../layer.ts'
import { accuracy, forward, makeNetwork, ring, train, unitOf } from '../network.ts'

const layer = param('layer', 2, { min: 1, max: 2, label: 'Hidden layer' })
const unit = param('unit', 3, { min: 1, max: 5, label: 'Unit' })
const steps = param('steps', 200, { min: 0, max: 300, step: 10, label: 'Training steps' })

const { x, y } = ring()
const settings = { activation: 'relu', place: 'none' } as const
const layers = makeNetwork()
for (let step = 0; step < steps; step++) train(layers, settings, x, y)

// One pass over all examples keeps both sides of every unit.
const passes = forward(layers, settings, x)
const { z, a } = passes[layer - 1]
const before = unitOf(z, 5, unit - 1)
const after = unitOf(a, 5, unit - 1)
const rows = [
  { label: 'pre-activation', values: before, fill: 'open' as const },
  { label: 'activation', values: after },
]
show((width) => histograms(rows, { width, threads: 16, xLabel: 'value over 256 examples' }))

const all = [0, 1, 2, 3, 4].map((u) => ({ z: describe(unitOf(z, 5, u)), a: describe(unitOf(a, 5, u)) }))
table(
  all.map((of, u) => ({ unit: u + 1, 'mean of z': of.z.mean, 'mean of a': of.a.mean, 'a is 0': of.a.zeros })),
  { digits: 2 },
)
export const pre = all[unit - 1].z
export const post = all[unit - 1].a
export const zeros = all.map((of) => of.a.zeros)
export const meanOfFirst = all[0].a.mean
export const right = accuracy(passes, y)
assert(
  after.every((value, n) => value === Math.max(before[n], 0)),
  'each activation is ReLU of its pre-activation',
)
