import { assert, param, show, table } from '@normlab/cell'
import { driftBars, lossCurves } from '@normlab/viz'
import { driftOf, train, type Look } from '../training.ts'

const other = param('other', 'BatchNorm', { choices: ['BatchNorm', 'LayerNorm'], label: 'Beside it' })

const [plain, normed] = [train(), train({ norm: 'batch' })]
const beside = other === 'BatchNorm' ? normed : train({ norm: 'layer' })
const rows = driftOf(plain).map((without, l) => ({
  label: `layer ${l + 1}`,
  without,
  with: driftOf(beside)[l],
}))
const xLabel = 'movement of a neuron’s mean in one epoch'
show((width) => driftBars(rows, { width, xLabel, title: 'Movement by layer' }))

const points = (looks: Look[]) => looks.slice(1).map(({ loss }, i) => [i + 1, loss] as const)
const curves = [
  { name: 'without', tone: 'without' as const, points: points(plain) },
  { name: `with ${other}`, tone: 'with' as const, points: points(beside) },
]
const axes = { xLabel: 'epoch', yLabel: 'training loss', yScale: 'log' as const, height: 180 }
show((width) => lossCurves(curves, { width, ...axes, title: 'Training loss' }))
table(rows, { digits: 4, caption: xLabel })

// Without normalization, and with BatchNorm.
const both = [plain, normed]
const moves = both.map(driftOf)
export const growth = moves.map((drift) => drift[4] / drift[0])
export const last = moves.map((drift) => drift[4])
export const right = both.map((looks) => looks[30].accuracy)
export const early = both.map((looks) => looks[1].accuracy)
export const loss = both.map((looks) => looks[30].loss)
assert(
  moves[0].every((move, l) => l === 0 || move > moves[0][l - 1]),
  'without normalization each layer moves more than the one below',
)
assert(growth[1] < 1, 'with BatchNorm the last layer moves less than the first')
assert(
  early[1] > early[0] && loss[1] > 2 * loss[0],
  'BatchNorm is ahead early, and behind in loss at the end',
)
