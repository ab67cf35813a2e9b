/** How x lies for FusedBatchNorm, which knows channels in the second or the last place and nothing else. */
import { cellCount, cellShape, cellSize, type CommonAttrs, type Cells } from '../../kernels/contract.ts'
import type { Format } from './ops.ts'

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1)
const same = (a: readonly number[], b: readonly number[]): boolean => String(a) === String(b)

/** The way to a shape in which every cell is a channel, and back. */
export interface CellView {
  /** Sizes that x is reshaped to before it is transposed; undefined where the cells lie well as they are. */
  readonly before?: readonly number[]
  readonly order?: readonly number[]
  readonly transposed?: readonly number[]
  readonly inverse?: readonly number[]
  /** Of rank 4 or 5, in that format. */
  readonly shape: readonly number[]
  readonly format: Format
  /** Axes of `shape` that a cell runs over. */
  readonly axes: readonly number[]
}

const named = (shape: readonly number[], last: boolean): CellView => {
  const formats: readonly Format[] = shape.length === 5 ? ['NCDHW', 'NDHWC'] : ['NCHW', 'NHWC']
  const channel = last ? shape.length - 1 : 1
  return {
    shape,
    format: formats[Number(last)],
    axes: shape.flatMap((_, axis) => (axis === channel ? [] : [axis])),
  }
}

/** True where the dimensions are neighbours. */
const adjacent = (dims: readonly number[]): boolean =>
  dims.every((dim, i) => i === 0 || dim === dims[i - 1] + 1)

/**
 * Channels last where the cells end x, as in Keras's BatchNorm; first where elements of one cell lie together, as in
 * LayerNorm: x is [1, cells, 1, elements]. A rank of 4 or 5 that fits stays as it is. Cells that are scattered both ways
 * (GroupNorm, channels last) want a transpose.
 */
export function cellView(cells: Cells, shape: readonly number[]): CellView {
  const { sizes, axes } = cells
  const kept = sizes.flatMap((_, dim) => (axes.includes(dim) ? [] : [dim]))
  const count = cellCount(cells)
  if (!adjacent(kept)) {
    const order = [...kept, ...axes]
    return {
      before: sizes,
      order,
      transposed: order.map((dim) => sizes[dim]),
      inverse: order.map((_, dim) => order.indexOf(dim)),
      ...named([1, count, 1, cellSize(cells)], false),
    }
  }
  const outer = product(sizes.slice(0, kept[0] ?? 0))
  const inner = product(sizes) / outer / count
  const fits = shape.length === 4 || shape.length === 5
  if (inner === 1 && outer > 1) {
    if (fits && shape.at(-1) === count) return named(shape, true)
    return named([1, outer, 1, count], true)
  }
  if (fits && shape[0] === outer && shape[1] === count) return named(shape, false)
  return named([outer, count, 1, inner], false)
}

/**
 * Where gamma and beta go. `inside`: one number a cell, which FusedBatchNorm applies itself. `last`: they vary along the
 * last dimensions alone, which a second FusedBatchNorm with given statistics of 0 and 1 applies, and whose gradient gives
 * dgamma and dbeta at once. `spread`: multiplied and added.
 */
export type Affine = 'none' | 'inside' | 'last' | 'spread'

export function affineOf({ cells, gammaShape, betaShape }: CommonAttrs): Affine {
  const { sizes, gamma, beta } = cells
  if (!gammaShape && !betaShape) return 'none'
  const whole = cellShape(cells)
  if ([gamma, beta].every((spread) => !spread || same(spread, whole))) return 'inside'
  const first = gamma?.findIndex((size) => size > 1) ?? -1
  const trailing = first >= 0 && gamma!.every((size, dim) => size === (dim < first ? 1 : sizes[dim]))
  return trailing && (!beta || same(beta, gamma!)) ? 'last' : 'spread'
}

/** x with gamma's dimensions in the last place. */
export const lastView = ({ sizes, gamma }: Cells): number[] => {
  const width = product(gamma!)
  return [1, product(sizes) / width, 1, width]
}
