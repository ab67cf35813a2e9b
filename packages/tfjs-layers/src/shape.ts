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

/** @throws NormlabError naming `name`, unless `got` is `wanted` or, of x's rank, that with sizes of 1 between. */
export function checkSize(
  name: string,
  got: readonly number[],
  wanted: readonly number[],
  shape: readonly number[],
): void {
  const long = (sizes: readonly number[]) => String(sizes.filter((size) => size !== 1))
  if (String(got) === String(wanted) || (got.length === shape.length && long(got) === long(wanted))) return
  throw new NormlabError(`${name}.shape`, show(got), `Give ${show(wanted)}, for x of shape ${show(shape)}`)
}
