/** How x, its cells and its parameters lie over one another, and index arithmetic as text: valid in WGSL and GLSL ES 3.00. */
import type { Cells } from '../../kernels/contract.ts'
import type { ParamName } from '../../kernels/cells.ts'

/** Strides over x's dimensions, 0 where an array does not vary. */
type Strides = readonly number[]

export interface ParamGeometry {
  /** Over x's dimensions, 1 where it does not vary. */
  readonly spread: readonly number[]
  readonly strides: Strides
  readonly size: number
  /** True when it varies inside a cell. */
  readonly inCells: boolean
}

export interface Geometry {
  readonly sizes: readonly number[]
  readonly size: number
  readonly strides: Strides
  readonly cells: number
  /** Elements in a cell. */
  readonly count: number
  readonly cellStrides: Strides
  readonly kept: readonly number[]
  readonly reduced: readonly number[]
  readonly params: Readonly<Partial<Record<ParamName, ParamGeometry>>>
}

export const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1)

/** Row-major strides of an array of these sizes, 0 along sizes of 1. */
function stridesOf(sizes: readonly number[]): number[] {
  let step = 1
  const strides = sizes.map(() => 0)
  for (let i = sizes.length - 1; i >= 0; step *= sizes[i--]) if (sizes[i] > 1) strides[i] = step
  return strides
}

const known = new WeakMap<Cells, Geometry>()

/** Worked out once for each object. */
export function geometryOf(cells: Cells): Geometry {
  const found = known.get(cells)
  if (found) return found
  const { sizes, axes } = cells
  const dims = sizes.map((_, i) => i)
  const kept = dims.filter((i) => !axes.includes(i))
  const param = (spread: readonly number[] | undefined): ParamGeometry | undefined =>
    spread && {
      spread,
      strides: stridesOf(spread),
      size: product(spread),
      inCells: axes.some((i) => spread[i] > 1),
    }
  const geometry = {
    sizes,
    size: product(sizes),
    strides: stridesOf(sizes),
    cells: product(kept.map((i) => sizes[i])),
    count: product(axes.map((i) => sizes[i])),
    cellStrides: stridesOf(sizes.map((size, i) => (axes.includes(i) ? 1 : size))),
    kept,
    reduced: axes,
    params: { gamma: param(cells.gamma), beta: param(cells.beta) },
  }
  known.set(cells, geometry)
  return geometry
}

/**
 * The offset, in an array of these strides, of element `index` of the dimensions `dims` of `sizes`, counted in memory order.
 * Dimensions that run on as one are taken as one, and the first needs no remainder: its size is not in the text.
 */
export function mapIndex(
  index: string,
  dims: readonly number[],
  sizes: readonly number[],
  strides: Strides,
): string {
  const runs: { size: number; stride: number }[] = []
  for (const i of dims) {
    const [size, stride] = [sizes[i], strides[i]]
    if (size === 1) continue
    const last = runs.at(-1)
    if (last && last.stride === stride * size) {
      last.size *= size
      last.stride = stride
    } else runs.push({ size, stride })
  }
  const terms: string[] = []
  let inner = 1
  for (let i = runs.length - 1; i >= 0; i--) {
    const { size, stride } = runs[i]
    const whole = inner === 1 ? index : `(${index} / ${inner})`
    const at = i === 0 ? whole : `(${whole} % ${size})`
    if (stride > 0) terms.push(stride === 1 ? at : `${at} * ${stride}`)
    inner *= size
  }
  return terms.length ? `(${terms.toReversed().join(' + ')})` : '0'
}

/** A float literal. */
export function float(value: number): string {
  const text = String(Math.fround(value))
  return /[.e]/.test(text) ? text : `${text}.0`
}
