import { assert, param, progress, table, tolerance } from '@normlab/cell'
import { accuracy, makeNetwork, spirals, train } from '../network.ts'
import { scalings } from '../values.ts'

tolerance(0.05) // training: Math.exp differs in its last bits from engine to engine
const factor = param('factor', 1000, { min: 1, max: 1000, label: 'Factor of the second feature' })
const offset = param('offset', 5, { min: 0, max: 20, label: 'Added to the first feature' })

// Three spirals, in units that do not fit: x₁ + 5 and 1000 x₂.
type Change = (values: number[], i: number) => number[]
const asMeasured: Change = (values) => values
const standardized: Change = (values) => values.map(scalings.standardize(values))
const arms: [name: string, norm: boolean, rate: number, change: Change][] = [
  ['plain', false, 0.1, asMeasured],
  ['plain, a hundredth of the rate', false, 0.001, asMeasured],
  ['BatchNorm', true, 0.1, asMeasured],
  ['BatchNorm, and x₁ replaced by 0', true, 0.1, (values, i) => values.map((value) => (i ? value : 0))],
  ['plain, standardized', false, 0.1, standardized],
]
const [networks, steps, size, count] = [3, 200, 64, 600]
const results = arms.map((): number[] => [])
for (let n = 0; n < networks; n++) {
  const { x, label } = spirals(count)
  const features = [0, 1].map((i) =>
    Array.from(label, (_, row) => (i ? factor * x[2 * row + 1] : x[2 * row] + offset)),
  )
  for (const [k, [, norm, rate, change]] of arms.entries()) {
    const [first, second] = features.map(change)
    const pick = (rows: number[]) => ({
      x: Float64Array.from(rows.flatMap((row) => [first[row], second[row]])),
      label: Uint8Array.from(rows, (row) => label[row]),
    })
    const network = makeNetwork([2, 24, 24, 3], norm)
    for (let step = 0; step < steps; step++)
      train(network, pick(Array.from({ length: size }, () => Math.floor(Math.random() * count))), rate)
    results[k].push(accuracy(network, pick([...label.keys()])))
    progress(n * arms.length + k + 1, networks * arms.length)
  }
}
export const outcome = arms.map(([name], k) => ({
  name,
  right: results[k].reduce((a, b) => a + b) / networks,
  least: Math.min(...results[k]),
  greatest: Math.max(...results[k]),
}))
table(
  outcome.map(({ name, right, least, greatest }) => ({ network: name, right, least, greatest })),
  { digits: 3, caption: 'Share of right answers, average of three networks' },
)
assert(outcome[4].right > outcome[2].right - 0.05, 'BatchNorm does not do better than standardized inputs')
assert(
  factor < 500 || Math.abs(outcome[2].right - outcome[3].right) < 0.1,
  'from a factor of 500 on, BatchNorm does as well without the first feature',
)
