/** Shapes and bindings that every record is tried in. The feature axes hold 12 elements, so that 2, 3, 4, 6 groups fit. */
import type { Binding } from '../src/plan.ts'

export interface Layout {
  readonly name: string
  readonly shape: readonly number[]
  readonly binding: Binding
}

export const layouts: readonly Layout[] = [
  { name: 'rank 1, features', shape: [12], binding: {} },
  { name: 'rank 1, batch', shape: [7], binding: { axes: { n: 0, c: [] } } },
  { name: 'rank 2, last', shape: [5, 12], binding: {} },
  { name: 'rank 2, first', shape: [12, 5], binding: { axes: { n: 1, c: 0 } } },
  { name: 'rank 3, last', shape: [3, 4, 12], binding: { axis: -1 } },
  { name: 'rank 3, first', shape: [3, 12, 4], binding: { layout: 'ncl' } },
  { name: 'rank 3, two feature axes', shape: [5, 3, 4], binding: { axis: [-1, 1] } },
  { name: 'rank 4, last', shape: [2, 3, 2, 12], binding: { layout: 'NHWC' } },
  { name: 'rank 4, first', shape: [2, 12, 3, 2], binding: { axis: 1 } },
  { name: 'rank 4, features apart', shape: [3, 3, 2, 4], binding: { axis: [1, 3] } },
  { name: 'rank 5, last', shape: [2, 2, 3, 2, 12], binding: {} },
  { name: 'rank 5, first', shape: [2, 12, 2, 3, 2], binding: { axis: 1 } },
  { name: 'rank 6, last', shape: [2, 2, 1, 3, 2, 12], binding: {} },
  { name: 'batch last', shape: [12, 4, 3], binding: { axes: { n: 2, c: 0, s: 1 } } },
]

/** For variants over weights: o outputs, 12 of them, and i, which is every other axis. */
export const weightLayouts: readonly Layout[] = [
  { name: 'rank 2, first', shape: [12, 5], binding: {} },
  { name: 'rank 2, last', shape: [5, 12], binding: { axis: -1 } },
  { name: 'rank 4, first', shape: [12, 3, 2, 2], binding: { layout: 'oihw' } },
  { name: 'rank 4, last', shape: [2, 2, 3, 12], binding: { axis: -1 } },
  { name: 'rank 5, first', shape: [12, 2, 2, 1, 2], binding: {} },
]

/** True for a pattern over weights. */
export const isOfWeights = (pattern: string | null): boolean => /\bo\b/.test(pattern ?? '')

export const layoutsFor = (pattern: string | null): readonly Layout[] =>
  isOfWeights(pattern) ? weightLayouts : layouts
