import { param, progress, table, tolerance } from '@normlab/cell'
import { summaryOf } from '@normlab/core'
import { moons, pick } from '../moons.ts'
import { accuracy, makeNetwork, predict, settle, train } from '../network.ts'

tolerance(0.05) // training: Math.exp differs in its last bits from engine to engine
const wrong = param('wrong', 0.2, { min: 0, max: 0.4, step: 0.05, label: 'Share of wrong training labels' })

const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length
const sizes = [4, 16, 64]
const networks = 8
export const outcome = sizes.map((size, k) => {
  const [seen, fresh]: [number[], number[]] = [[], []]
  for (let n = 0; n < networks; n++) {
    const [training, test] = [moons(64, wrong), moons(1000, 0)]
    const network = makeNetwork()
    for (let step = 0; step < 500; step++) train(network, pick(training, size), 0.1)
    const states = settle(network, training.x)
    seen.push(accuracy(predict(network, training.x, states).p, training))
    fresh.push(accuracy(predict(network, test.x, states).p, test))
    progress(k * networks + n + 1, sizes.length * networks)
  }
  return {
    size,
    seen: mean(seen),
    fresh: mean(fresh),
    error: summaryOf(fresh).variance ** 0.5 / Math.sqrt(networks - 1),
  }
})
table(
  outcome.map(({ size, seen, fresh, error }) => ({
    'batch of': size,
    'training labels met': seen,
    'right on new points': fresh,
    'standard error': error,
  })),
  { digits: 3, caption: 'Accuracy after 500 steps each, average of eight networks' },
)
