import { assert, show, table } from '@normlab/cell'
import { batchNorm, groupNorm, instanceNorm, layerNorm, planOf } from '@normlab/core'
import { axes, variantFigure } from '@normlab/viz'

// N = 4 images, H × W = 2 × 3 positions, C = 8 channels.
const shape = [4, 2, 3, 8]
const four = { batchNorm, layerNorm, instanceNorm, groupNorm }

const rows = Object.entries(four).map(([name, variant]) => {
  const { pattern, options } = variantFigure(variant, { g: 2 })
  show((width) => axes(pattern, shape, { ...options, width }))
  const plan = planOf(pattern, shape, {}, options.sizes)
  return { name, pattern, means: plan.cells, 'values in each': plan.count }
})
table(rows, { caption: '192 numbers, four ways to share a mean' })

export const means = Object.fromEntries(rows.map(({ name, means: count }) => [name, count]))
export const each = Object.fromEntries(rows.map((row) => [row.name, row['values in each']]))
assert(
  rows.every((row) => row.means * row['values in each'] === 4 * 2 * 3 * 8),
  'every number belongs to exactly one mean',
)
