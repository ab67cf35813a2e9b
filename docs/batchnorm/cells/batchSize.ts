import { assert, param, show, table } from '@normlab/cell'
import { rankShift } from '@normlab/viz'
import { normalized, normals } from '../column.ts'

const size = param('size', 2, { min: 2, max: 64, label: 'Batch size N' })
const outlier = param('outlier', 1000, { min: 10, max: 10000, label: 'The outlier of the table' })

// Values with mean 0 and standard deviation 1 already: an honest normalization would leave them nearly alone.
const batches = (n: number) =>
  Array.from({ length: Math.max(1, Math.round(240 / n)) }, () => [...normals(n)]).flatMap((raw) =>
    normalized(raw).map((to, i) => ({ from: raw[i], to })),
  )
show((width) =>
  rankShift(
    batches(size).map((pair, id) => ({ id, ...pair })),
    {
      width,
      tone: 'with',
      from: 'before',
      to: 'after',
      yLabel: 'value (dimensionless)',
      domain: [-3.5, 3.5],
      height: 220,
      caption: false,
    },
  ),
)

// How much of the value is left in its normalized value, and how far out an outlier can get.
const kept = (n: number) => {
  const pairs = Array.from({ length: 20 }, () => batches(n)).flat()
  const inner = (p: 'from' | 'to', q: 'from' | 'to') =>
    pairs.reduce((sum, each) => sum + each[p] * each[q], 0)
  return inner('from', 'to') ** 2 / inner('from', 'from') / inner('to', 'to')
}
export const rows = [2, 3, 4, 8, 16, 32, 64].map((n) => ({
  N: n,
  kept: kept(n),
  furthest: Math.max(...normalized([outlier, ...normals(n - 1)])),
}))
table(
  rows.map(({ N, kept: share, furthest }) => ({
    'batch of': N,
    'share of the value’s variance that is left': share,
    [`what ${outlier} becomes`]: furthest,
    '√(N − 1)': Math.sqrt(N - 1),
  })),
  { digits: 3, caption: 'What the batch size leaves of a value' },
)
assert(
  rows.every(({ N, furthest }) => furthest <= Math.sqrt(N - 1) + 1e-9),
  'nothing gets further out than √(N − 1)',
)
