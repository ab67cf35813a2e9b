import { assert, table } from '@normlab/cell'
import { forward, makeNetwork, ring, train, unitOf, type Place } from '../network.ts'

// Eight networks of the figure, which differ in their first weights: 80 hidden units.
const { x, y } = ring()
const deadIn = (layers: ReturnType<typeof makeNetwork>, place: Place) =>
  forward(layers, { activation: 'relu', place }, x)
    .slice(0, 2)
    .flatMap(({ a }) => [0, 1, 2, 3, 4].map((unit) => unitOf(a, 5, unit).every((value) => value === 0)))

function count(place: Place, rate: number) {
  const result = { BatchNorm: place, 'learning rate': rate, 'dead at first': 0, died: 0, 'came back': 0 }
  for (let seed = 10; seed <= 80; seed += 10) {
    const layers = makeNetwork(seed)
    const before = deadIn(layers, place)
    for (let step = 0; step < 50; step++) train(layers, { activation: 'relu', place }, x, y, rate)
    const after = deadIn(layers, place)
    result['dead at first'] += before.filter(Boolean).length
    result.died += after.filter((dead, unit) => dead && !before[unit]).length
    result['came back'] += after.filter((dead, unit) => !dead && before[unit]).length
  }
  return result
}
const rows = [count('none', 0.5), count('none', 3), count('before', 0.5), count('before', 3)]
table(rows)
export const [slow, fast, slowNorm, fastNorm] = rows.map((row) => ({
  first: row['dead at first'],
  died: row.died,
  back: row['came back'],
}))
assert(fast.died > slow.died, 'large steps kill more units')
assert(slowNorm.first === 0, 'behind BatchNorm no unit starts dead')
assert(fastNorm.died < fast.died, 'and fewer die')
