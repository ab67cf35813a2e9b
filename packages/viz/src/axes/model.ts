/** What an axes figure draws: at most three axes, few enough elements to see, and the cell of each. */
import { cellIndex, NormlabError, planOf, type Binding, type Plan, type PlanDim } from '@normlab/core'
import type { FrameOptions } from '../figure/frame.ts'
import { show } from '../figure/show.ts'

export interface AxesOptions extends FrameOptions, Binding {
  /** Name of the variant, to begin the caption with. */
  name?: string
  /** What a cell's elements share: a statistic, or one random draw of a mask. Default `statistic`. */
  what?: 'statistic' | 'mask'
  /** The thing shared, in words. Default `one mean and one variance`, or `one random draw`. */
  shares?: string
  /** Sizes of parts, such as `{ g: 2 }`. */
  sizes?: Readonly<Record<string, number>>
  /** The cell that is set off, counted over the cells drawn; null for none. Default 0. */
  highlight?: number | null
  /** Draws the caption below the figure. Default true. */
  caption?: boolean
  /** Writes the mean's and the variance's formula with coloured indices. Default false. */
  formula?: boolean
}

/** One direction of the drawing: a logical axis with its parts, or several that are merged. */
export interface DrawnAxis {
  /** Logical names, outermost first. */
  readonly names: readonly string[]
  /** Loops as drawn; their sizes multiply to `size`. Strides are those of the drawn plan. */
  readonly dims: readonly PlanDim[]
  /** Loops as they are. */
  readonly full: readonly PlanDim[]
  readonly size: number
  /** Where each index begins, in units of an element; gaps between parts are in it. */
  readonly at: readonly number[]
  readonly length: number
}

export interface AxesModel {
  /** The plan of the real shape. */
  readonly plan: Plan
  /** The plan of what is drawn. */
  readonly drawn: Plan
  /** None, one, two or three. */
  readonly axes: readonly DrawnAxis[]
  readonly reduced: boolean
  /** Cell of the element at these drawn indices, one an axis. */
  readonly cellAt: (indices: readonly number[]) => number
}

/** For one, two and three axes: up to how many indices an axis is drawn whole, and to how many a longer one is cut. */
const LIMITS: Record<number, Record<string, readonly [whole: number, cut: number]>> = {
  1: { other: [16, 12] },
  2: { n: [10, 8], c: [12, 12], o: [10, 8], i: [12, 12], other: [10, 8] },
  3: { n: [5, 4], c: [8, 8], s: [9, 6], o: [8, 6], i: [9, 6], other: [5, 5] },
}

/** @throws NormlabError as core's `planOf` does, and for `shape` and `what`. */
export function modelOf(pattern: string, shape: readonly number[], options: AxesOptions = {}): AxesModel {
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw new NormlabError('shape', show(shape), 'Give a list of non-negative integers')
  const { layout, sizes } = options
  const plan = planOf(pattern, shape, { axis: options.axis, axes: options.axes, layout }, sizes)
  const groups = groupsOf(plan.dims)
  const drawnSizes = new Map<PlanDim, number>()
  for (const group of groups) {
    const limits = LIMITS[Math.min(3, Math.max(1, groups.length))]
    const [whole, cut] = limits[group[0].axis] ?? limits.other
    for (const [i, size] of reduce(group, sizeOf(group) > whole ? cut : whole).entries())
      drawnSizes.set(group[i], size)
  }
  const drawn = drawnPlan(plan, drawnSizes)
  const of = new Map(plan.dims.map((dim, i) => [dim, drawn.dims[i]]))
  const cells = cellIndex(drawn)
  const axes = groups.map((full): DrawnAxis => {
    const dims = full.map((dim) => of.get(dim)!)
    return { names: [...new Set(full.map((dim) => dim.axis))], dims, full, ...positions(dims) }
  })
  const offsets = axes.map(({ dims, size }) => Array.from({ length: size }, (_, i) => offsetOf(dims, i)))
  return {
    plan,
    drawn,
    axes,
    reduced: drawn.size !== plan.size,
    cellAt: (indices) => cells[indices.reduce((sum, index, axis) => sum + offsets[axis][index], 0)],
  }
}

/** Dims by logical axis, in memory order; the smallest neighbours are merged until three are left. */
function groupsOf(dims: readonly PlanDim[]): PlanDim[][] {
  const groups = [...new Set(dims.map((dim) => dim.axis))].map((axis) =>
    dims.filter((dim) => dim.axis === axis),
  )
  while (groups.length > 3) {
    let best = 0
    for (let i = 1; i + 1 < groups.length; i++)
      if (sizeOf(groups[i]) * sizeOf(groups[i + 1]) < sizeOf(groups[best]) * sizeOf(groups[best + 1]))
        best = i
    groups.splice(best, 2, [...groups[best], ...groups[best + 1]])
  }
  return groups
}

const sizeOf = (dims: readonly PlanDim[]): number => dims.reduce((n, dim) => n * dim.size, 1)

/** Sizes to draw: the longest loop shrinks until all fit; loops of 2 and more keep 2 as long as that is possible. */
function reduce(dims: readonly PlanDim[], limit: number): number[] {
  const sizes = dims.map((dim) => Math.min(dim.size, limit))
  const total = (): number => sizes.reduce((a, b) => a * b, 1)
  while (total() > limit) {
    const largest = Math.max(...sizes)
    sizes[sizes.lastIndexOf(largest)]--
  }
  return sizes
}

function drawnPlan(plan: Plan, sizes: ReadonlyMap<PlanDim, number>): Plan {
  let stride = 1
  const dims = plan.dims
    .toReversed()
    .map((dim): PlanDim => {
      const size = sizes.get(dim)!
      const result = { ...dim, size, stride }
      stride *= size
      return result
    })
    .toReversed()
  const over = (kept: boolean): number =>
    dims.filter((dim) => dim.kept === kept).reduce((n, dim) => n * dim.size, 1)
  return {
    ...plan,
    shape: dims.map((dim) => dim.size),
    dims,
    size: over(true) * over(false),
    cells: over(true),
    count: over(false),
  }
}

/** Elements stand one unit apart; between parts, and between merged axes, is a gap: the outer, the wider. */
function positions(dims: readonly PlanDim[]): { size: number; at: number[]; length: number } {
  const size = sizeOf(dims)
  const at: number[] = []
  let place = 0
  for (let i = 0; i < size; i++) {
    if (i > 0) place += 1 + gapBefore(dims, i)
    at.push(place)
  }
  return { size, at, length: size ? place + 1 : 0 }
}

function gapBefore(dims: readonly PlanDim[], index: number): number {
  let inner = 1
  for (let d = dims.length - 1; d > 0; d--) {
    inner *= dims[d].size
    if (index % inner !== 0) return d === dims.length - 1 ? 0 : gapAfter(dims, d + 1)
  }
  return dims.length > 1 ? gapAfter(dims, 1) : 0
}

/** A gap only where a name ends: height and width are both s, and stand together. */
function gapAfter(dims: readonly PlanDim[], d: number): number {
  const names = new Set(dims.slice(d - 1).map((dim) => dim.name))
  return names.size < 2 ? 0 : d === 1 ? 0.4 : 0.18
}

function offsetOf(dims: readonly PlanDim[], index: number): number {
  let offset = 0
  for (let d = dims.length - 1; d >= 0; d--) {
    offset += (index % dims[d].size) * dims[d].stride
    index = Math.floor(index / dims[d].size)
  }
  return offset
}
