import { assert, near, table } from '@normlab/cell'
import { batchNorm, layerNorm } from '@normlab/core'

// A = [f1, f2, f3] is a row; x1 = [x1(A), x1(B)] is a column.
const A = [1, 2, 30]
const B = [3, 8, 10]
const x = { data: Float64Array.from([...A, ...B]), shape: [2, 3] }

const columns = batchNorm.forward(x, {}, { training: true }).y.data
const rows = layerNorm.forward(x).y.data
const rowOf = (name: string, y: ArrayLike<number>, r: number) => ({
  sample: name,
  'x₁': y[3 * r],
  'x₂': y[3 * r + 1],
  'x₃': y[3 * r + 2],
})
table([rowOf('A', columns, 0), rowOf('B', columns, 1)], {
  digits: 2,
  caption: 'BatchNorm: each column by its own',
})
table([rowOf('A', rows, 0), rowOf('B', rows, 1)], { digits: 2, caption: 'LayerNorm: each row by its own' })

export const batchA = [...columns.slice(0, 3)]
export const layerA = [...rows.slice(0, 3)]
export const layerB = [...rows.slice(3)]
assert(
  [0, 1, 2].every((c) => near(columns[c] + columns[c + 3], 0)),
  'under BatchNorm each column sums to 0',
)
assert(
  [0, 3].every((r) => near(rows[r] + rows[r + 1] + rows[r + 2], 0)),
  'under LayerNorm each row sums to 0',
)

// Another sample in B's place: what becomes of A?
const other = { data: Float64Array.from([...A, 100, -5, 7]), shape: [2, 3] }
const movedA = batchNorm.forward(other, {}, { training: true }).y.data
const sameA = layerNorm.forward(other).y.data
assert(
  [0, 1, 2].every((c) => near(sameA[c], rows[c], 1e-12)),
  'LayerNorm’s A does not know B',
)
assert(movedA[1] !== columns[1] && movedA[1] > 0 && columns[1] < 0, 'BatchNorm’s A does: x₂ changes its sign')
export const signBefore = columns[1]
export const signAfter = movedA[1]
