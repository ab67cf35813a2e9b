/** Symmetric 2 by 2 matrices as ellipses. */

/** `[[a, b], [b, c]]` as `[a, b, c]`. */
export type Symmetric = readonly [number, number, number]
export type Pair = readonly [number, number]

export interface Axes {
  /** Eigenvalues, the greater first. */
  readonly values: Pair
  /** Direction of the greater one, a unit vector. The other's is at right angles. */
  readonly direction: Pair
}

/** Eigenvalues and eigenvectors, without cancellation: the smaller value is the determinant over the greater where both are above 0. */
export function axesOf([a, b, c]: Symmetric): Axes {
  const scale = Math.max(Math.abs(a), Math.abs(b), Math.abs(c))
  if (!(scale > 0)) return { values: [0, 0], direction: [1, 0] }
  const [p, q, r] = [a / scale, b / scale, c / scale]
  const spread = Math.hypot((p - r) / 2, q)
  const middle = (p + r) / 2
  const great = middle + spread
  const small = middle > 0 ? (p * r - q * q) / great : middle - spread
  // Of two ways to write the eigenvector, the one that does not cancel.
  const [x, y] = p >= r ? [spread + (p - r) / 2, q] : [q, spread + (r - p) / 2]
  const length = Math.hypot(x, y)
  return {
    values: [great * scale, small * scale],
    direction: length > 0 ? [x / length, y / length] : [1, 0],
  }
}

/** The greater eigenvalue over the smaller: 1 for a circle, Infinity where one direction is flat, NaN for zero. */
export function conditionOf(matrix: Symmetric): number {
  const [great, small] = axesOf(matrix).values
  if (!(great > 0)) return NaN
  return small > great * 1e-15 ? great / small : Infinity
}
