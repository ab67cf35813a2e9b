import { assert, param, show, table } from '@normlab/cell'
import { driftBars } from '@normlab/viz'
import { moments } from '../experiment/attribution.ts'
import { average } from '../experiment/measures.ts'
import { splitOf, train, valuesOf, type Look } from '../training.ts'

const unit = param('neuron', 10, { min: 1, max: 24, label: 'Neuron of layer 5' })

// A neuron's linear part at epochs 1 and 30, in a network without normalization and in one with BatchNorm.
const [plain, normed] = [train(), train({ norm: 'batch' })]
const split = (looks: Look[], neuron: number, what: 'mean' | 'std' = 'mean') =>
  splitOf(looks[1], looks[30], 5, neuron, what)

const rows = [
  { name: 'without normalization', looks: plain },
  { name: 'with BatchNorm', looks: normed },
]
const bars = rows.map(({ name, looks }) => {
  const { ownFirst, upstreamFirst, joint } = split(looks, unit)
  const parts = Object.entries({ own: ownFirst, upstream: upstreamFirst, joint })
  return { label: name, parts: parts.map(([part, value]) => ({ name: part, value })) }
})
const xLabel = 'change of the mean of W h + b, epoch 1 to 30'
show((width) => driftBars(bars, { width, xLabel, title: 'Who moved the neuron’s mean' }))
table(
  (['mean', 'std'] as const).flatMap((what) =>
    rows.map(({ name, looks }) => {
      const { ownFirst, upstreamFirst, joint, total } = split(looks, unit, what)
      return { 'change of the': `${what}, ${name}`, own: ownFirst, upstream: upstreamFirst, joint, total }
    }),
  ),
  { digits: 2 },
)
// Neuron 10, the one of the figure.
export const mean = split(plain, 10)
export const meanWith = split(normed, 10)
export const seen = [1, 30].map((epoch) => moments(valuesOf(normed[epoch], 5, 10)).mean)

// All neurons of the layer: the average size of each part, and whose part is larger in either order.
const layer = Array.from({ length: 24 }, (_, i) => split(plain, i + 1))
const size = (part: 'ownFirst' | 'upstreamFirst' | 'joint') => average(layer.map((of) => Math.abs(of[part])))
export const sizes = { own: size('ownFirst'), upstream: size('upstreamFirst'), joint: size('joint') }
const ownWins = (of: typeof mean) => [
  Math.abs(of.ownFirst) > Math.abs(of.upstreamAfter),
  Math.abs(of.ownAfter) > Math.abs(of.upstreamFirst),
]
const count = (wins: number) => layer.filter((of) => ownWins(of).filter(Boolean).length === wins).length
export const larger = { own: count(2), upstream: count(0), depends: count(1) }
assert(mean.ownFirst > 0 && mean.upstreamFirst > 0, 'neuron 10: own and upstream push the same way')
assert(
  mean.joint > 0.95 * Math.max(mean.ownFirst, mean.upstreamFirst),
  'the joint part is as large as either',
)
assert(ownWins(mean).includes(true) && ownWins(mean).includes(false), 'the order decides which is larger')
assert(Math.abs(meanWith.total) < 0.1 * mean.total, 'with BatchNorm the linear part hardly moves')
