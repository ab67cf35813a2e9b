import { NormlabError, show } from './errors.ts'

/** Null is a size that is known only at the call. */
export type Shape = (number | null)[]

/** The shape of the first input. */
export function firstShape(shape: Shape | Shape[]): Shape {
  return (Array.isArray(shape[0]) ? shape[0] : shape) as Shape
}

/** @throws NormlabError where an axis that must be known is null. */
export function needSizes(shape: Shape, axes: readonly number[], what: string): void {
  const missing = axes.find((axis) => shape[axis] === null)
  if (missing === undefined) return
  throw new NormlabError(
    'inputShape',
    `axis ${missing} of ${show(shape)} has no size, and it ${what}`,
    'Give the size of that axis, or another axis',
  )
}
