import { assert, param, show, table } from '@normlab/cell'
import { histograms } from '@normlab/viz'
import { moments } from '../experiment/attribution.ts'
import { train, valuesOf, type Look } from '../training.ts'

const what = param('what', 'a layer', { choices: ['a neuron', 'a layer', 'the network'], label: 'Show' })
const unit = param('neuron', 10, { min: 1, max: 24, label: 'Neuron of layer 5' })

// Two networks with the same first weights and the same batches in the same order.
const runs = { without: train(), 'with BatchNorm': train({ norm: 'batch' }) }
const all = (look: Look, side: 'pre' | 'post') =>
  Float32Array.from(look.passes.flatMap((pass) => [...pass[side]]))
const select = {
  'a neuron': (look: Look) => valuesOf(look, 5, unit),
  'a layer': (look: Look) => look.passes[4].pre,
  'the network': (look: Look) => all(look, 'pre'),
}
const rows = Object.entries(runs).flatMap(([name, looks]) =>
  [1, 10, 30].map((epoch) => ({
    label: `${name}, epoch ${epoch}`,
    values: select[what as keyof typeof select](looks[epoch]),
    fill: name === 'without' ? ('solid' as const) : ('hatched' as const),
  })),
)
show((width) => histograms(rows, { width, title: what, xLabel: 'pre-activation (dimensionless)' }))
table(
  rows.map(({ label, values }) => ({ [what]: label, ...moments(values) })),
  { digits: 3 },
)
const { without, 'with BatchNorm': withNorm } = runs
export const layer = { first: moments(without[1].passes[4].pre), last: moments(without[30].passes[4].pre) }
export const afterRelu = moments(all(withNorm[30], 'post'))
assert(
  Math.abs(layer.last.mean - layer.first.mean) < 0.15 * layer.first.std,
  'the layer as a whole hardly moves',
)
assert(layer.last.std > 1.5 * layer.first.std, 'but it spreads')
assert(afterRelu.mean > 0.3 && afterRelu.std < 0.8, 'after ReLU neither mean 0 nor standard deviation 1')
