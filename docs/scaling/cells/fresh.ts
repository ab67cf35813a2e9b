import { assert, param, table } from '@normlab/cell'
import { draw, scalings, shapes } from '../values.ts'

const count = param('count', 50, { min: 5, max: 500, label: 'Values that the scaling is learned from' })

const trials = 2000
const std = (values: readonly number[]) => {
  const mean = values.reduce((a, b) => a + b) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}
const rows = Object.entries(shapes).map(([name, one]) => {
  let outside = 0
  for (let t = 0; t < trials; t++) {
    const fresh = scalings['min-max'](draw(count, one))(one())
    if (fresh < 0 || fresh > 1) outside++
  }
  return { name, outside: outside / trials }
})
// Of count + 1 values in a row, any is equally likely to be the least, and any to be the greatest.
const expected = 2 / (count + 1)
table(
  rows.map(({ name, outside }) => ({
    values: name,
    'new ones outside [0, 1]': outside,
    'in theory': expected,
  })),
  { digits: 4 },
)
assert(
  rows.every(({ outside }) => Math.abs(outside - expected) < 4 * Math.sqrt(expected / trials)),
  'the share outside is 2 / (n + 1), whatever the shape',
)

// How the divisor itself settles, for Gaussian values.
export const divisors = [10, 100, 1000, 10_000].map((n) => {
  const samples = Array.from({ length: 20 }, () => draw(n, shapes.Gaussian))
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length
  return {
    n,
    range: mean(samples.map((values) => Math.max(...values) - Math.min(...values))),
    std: mean(samples.map(std)),
  }
})
table(
  divisors.map(({ n, range, std: spread }) => ({
    values: n,
    'max − min': range,
    'standard deviation': spread,
  })),
  { digits: 2, caption: 'Gaussian values: what each scaling divides by, average of 20 samples' },
)
