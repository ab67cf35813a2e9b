import { assert, param, table } from '@normlab/cell'
import { cellIndex, norm, planOf } from '@normlab/core'

// Any pattern is a normalization. Change the list, or write one of your own.
const patterns = [
  'n s c -> c',
  'n s c -> n s',
  'n s c -> n',
  'n s (g k) -> n g',
  'n s (k g) -> n g',
  '(b m) s c -> b c',
] as const
const pattern = param('pattern', 'n s (g k) -> n g', { choices: patterns, label: 'Pattern' })
const sizes = { g: 2, b: 2 }
const shape = [4, 6, 8]
const parts = Object.fromEntries(
  Object.entries(sizes).filter(([part]) => pattern.includes(`(`) && pattern.includes(part)),
)
const plan = planOf(pattern, shape, {}, parts)

const mine = norm({
  name: 'Mine',
  stats: pattern,
  options: { epsilon: 1e-5, ...parts },
  params: {},
})
const x = Float64Array.from({ length: plan.size }, () => Math.random())
const before = mine.forward({ data: x, shape }, {}).y.data.slice()

// Nudge one number. Which outputs notice?
const at = 100
x[at] += 0.5
const after = mine.forward({ data: x, shape }, {}).y.data
const moved = [...after.keys()].filter((i) => Math.abs(after[i] - before[i]) > 1e-9)
const cells = cellIndex(plan)
export const noticed = moved.length
export const inCell = plan.count
table([{ pattern, means: plan.cells, 'values in each': plan.count, 'outputs that moved': noticed }])
assert(
  moved.length === plan.count && moved.every((i) => cells[i] === cells[at]),
  'the outputs that move are those of its own cell, all of them, and no other',
)
