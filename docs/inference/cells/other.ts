import { assert, param, table, tolerance } from '@normlab/cell'
import { moons, pick } from '../moons.ts'
import { accuracy, makeNetwork, predict, settle, train, type Data } from '../network.ts'

tolerance(0.05) // training: Math.exp differs in its last bits from engine to engine
const offset = param('offset', 1.5, { min: -3, max: 3, step: 0.1, label: 'Added to the first coordinate' })
const factor = param('factor', 0.5, { min: 0.2, max: 3, step: 0.1, label: 'Factor of the second' })

// Trained on half circles; then the same task comes from another instrument.
const training = moons(400, 0)
const network = makeNetwork()
for (let step = 0; step < 300; step++) train(network, pick(training, 32), 0.1)
const elsewhere = ({ x, y }: Data): Data => ({
  x: x.map((value, i) => (i % 2 ? factor * value : value + offset)),
  y,
})
const [usual, fresh] = [moons(1000, 0), elsewhere(moons(1000, 0))]
// Measured anew on 200 other points from there. No label is looked at.
const kept = settle(network, training.x)
const anew = settle(network, elsewhere(moons(200, 0)).x)
const right = (data: Data, states: typeof kept) => accuracy(predict(network, data.x, states).p, data)
export const before = right(usual, kept)
export const stale = right(fresh, kept)
export const measured = right(fresh, anew)
table(
  [
    { points: 'like those of training', statistics: 'kept', right: before },
    { points: 'from the other instrument', statistics: 'kept', right: stale },
    { points: 'from the other instrument', statistics: 'measured there', right: measured },
  ],
  { digits: 3 },
)
assert(measured > stale - 0.05, 'measuring anew costs little where nothing changed')
assert(offset !== 1.5 || factor !== 0.5 || measured > stale + 0.2, 'and helps much where this was changed')
