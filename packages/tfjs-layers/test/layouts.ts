/** Shapes and bindings, and which of them a record is tried in. */

export interface Layout {
  readonly name: string
  readonly shape: readonly number[]
  readonly axis: number | readonly number[]
}

/**
 * The feature axes hold 12 or 24 elements, so that the cases' groups divide them and a cell has 4 elements at least: with
 * 2 its dx is nothing but what rounding leaves.
 */
export const layouts: readonly Layout[] = [
  { name: 'rank 1', shape: [24], axis: 0 },
  { name: 'rank 2, last', shape: [5, 24], axis: -1 },
  { name: 'rank 2, first', shape: [24, 5], axis: 0 },
  { name: 'rank 3, last', shape: [4, 4, 12], axis: -1 },
  { name: 'rank 3, first', shape: [3, 12, 4], axis: 1 },
  { name: 'rank 3, two axes, out of order', shape: [5, 6, 4], axis: [-1, 1] },
  { name: 'rank 4, last', shape: [2, 3, 2, 12], axis: 3 },
  { name: 'rank 4, first', shape: [2, 12, 3, 2], axis: -3 },
  { name: 'rank 4, axes apart', shape: [4, 3, 2, 4], axis: [1, 3] },
  { name: 'rank 5, last', shape: [2, 2, 3, 2, 12], axis: -1 },
  { name: 'rank 5, first', shape: [2, 12, 2, 3, 2], axis: 1 },
  { name: 'rank 6, last', shape: [2, 2, 1, 3, 2, 12], axis: -1 },
  { name: 'rank 6, first', shape: [2, 12, 2, 3, 1, 2], axis: 1 },
  { name: 'rank 6, axes apart', shape: [2, 2, 3, 2, 2, 3], axis: [1, 3, 5] },
]

/** Those of `layouts` whose names are given; all without a list. */
export const named = (...names: string[]): readonly Layout[] =>
  names.length ? layouts.filter(({ name }) => names.includes(name)) : layouts

/** How much of the suite a record gets on a backend. */
export interface Extent {
  readonly layouts: readonly Layout[]
  /** Cases of the record. Default: all. */
  readonly cases?: number
  /** The backend draws from a stream of its own: nothing to compare with core's. */
  readonly ownStream?: boolean
  /** Training steps of the leak test; 0 leaves out all but forward and gradients. */
  readonly steps: number
}

/** The variants with fused kernels, and one for each further thing that a record may have: they get every test there is. */
const thorough = ['BatchNorm', 'LayerNorm', 'GroupNorm', 'InstanceNorm', 'RMSNorm', 'Dropout']
/** Other inputs, a forward and state of its own, a split batch, windows, and noise with a forward of its own. */
const telling = ['SPADE', 'SwitchableNorm', 'GhostBatchNorm', 'LocalResponseNorm', 'Zoneout', 'DropBlock']

export const isThorough = ({ name }: { name: string }): boolean => thorough.includes(name)
export const isTelling = ({ name }: { name: string }): boolean => telling.includes(name)
