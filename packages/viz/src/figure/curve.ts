/** Paths through points with rising x. */

type Point = readonly [number, number]

const at = (value: number): string => String(Math.round(value * 10) / 10 || 0)

/** Level steps: each point's y holds up to the next point's x. */
export function steps(points: readonly Point[]): string {
  return points
    .map(([x, y], i) =>
      i === 0 ? `${at(x)},${at(y)}` : `L${at(x)},${at(points[i - 1][1])}L${at(x)},${at(y)}`,
    )
    .join('')
}

/**
 * A cubic curve that is monotone between neighbours: it never leaves the range of the two, so a density never falls
 * below 0. Steffen 1990, A simple method for monotonic interpolation in one dimension.
 */
export function monotone(points: readonly Point[]): string {
  const n = points.length
  const secant = (i: number): number =>
    (points[i + 1][1] - points[i][1]) / (points[i + 1][0] - points[i][0] || 1e-9)
  const slope = (i: number): number => {
    if (n === 2) return secant(0)
    if (i === 0 || i === n - 1) {
      const [end, inner] = i === 0 ? [secant(0), slope(1)] : [secant(n - 2), slope(n - 2)]
      return (3 * end - inner) / 2
    }
    const [before, after] = [points[i][0] - points[i - 1][0], points[i + 1][0] - points[i][0]]
    const [s0, s1] = [secant(i - 1), secant(i)]
    const middle = (s0 * after + s1 * before) / (before + after || 1e-9)
    return (Math.sign(s0) + Math.sign(s1)) * Math.min(Math.abs(s0), Math.abs(s1), Math.abs(middle) / 2)
  }
  let path = n ? `${at(points[0][0])},${at(points[0][1])}` : ''
  for (let i = 1; i < n; i++) {
    const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]]
    const third = (x1 - x0) / 3
    path += `C${at(x0 + third)},${at(y0 + third * slope(i - 1))},${at(x1 - third)},${at(y1 - third * slope(i))},${at(x1)},${at(y1)}`
  }
  return path
}
