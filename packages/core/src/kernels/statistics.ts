/** Statistics that a kernel left in kernel memory, copied out at once and taken apart when somebody asks. */
import type { CellStatistics } from './scalar.ts'

/**
 * Many calls share one array: a small one costs as much to make as the copy of hundreds of values, and memory for one of
 * 100 kB up to twice as much as its share of a large one. Who keeps one call's statistics keeps that array: 1 MB at most,
 * where they are no larger themselves.
 */
const LEAST = 1 << 12
const MOST = 1 << 17
let slab = new Float64Array(0)
let top = 0

/** Means, then variances, then rstds, one entry a cell. */
export class Packed implements CellStatistics {
  private readonly values: Float64Array
  private readonly from: number
  private readonly cells: number

  /** @param view of the 3 x `cells` values, which are copied. */
  constructor(view: Float64Array, cells: number) {
    const { length } = view
    if (top + length > slab.length) {
      slab = new Float64Array(Math.max(LEAST, length, Math.min(length * 8, MOST)))
      top = 0
    }
    slab.set(view, top)
    this.values = slab
    this.from = top
    this.cells = cells
    top += length
  }

  private part(i: number, length = this.cells): Float64Array {
    const from = this.from + i * this.cells
    return this.values.subarray(from, from + length)
  }
  get all(): Float64Array {
    return this.part(0, this.cells * 3)
  }
  get mean(): Float64Array {
    return this.part(0)
  }
  get variance(): Float64Array {
    return this.part(1)
  }
  get rstd(): Float64Array {
    return this.part(2)
  }
}
