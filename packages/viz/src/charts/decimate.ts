export type XY = readonly [number, number]

/**
 * At most four points a pixel column: the first, the least, the greatest and the last, in their order. The line looks
 * the same, whatever the number of points. Fewer than two points a pixel are left alone.
 * @param points x rising, all finite. @param x from data to pixels.
 */
export function decimate(points: readonly XY[], x: (value: number) => number): XY[] {
  if (points.length < 4) return [...points]
  const columns = Math.abs(x(points.at(-1)![0]) - x(points[0][0]))
  if (points.length <= 2 * columns) return [...points]
  const result: XY[] = []
  for (let from = 0; from < points.length;) {
    const column = Math.floor(x(points[from][0]))
    let to = from
    let low = from
    let high = from
    for (; to < points.length && Math.floor(x(points[to][0])) === column; to++) {
      if (points[to][1] < points[low][1]) low = to
      if (points[to][1] > points[high][1]) high = to
    }
    const kept = [...new Set([from, low, high, to - 1])].toSorted((a, b) => a - b)
    for (const i of kept) result.push(points[i])
    from = to
  }
  return result
}
