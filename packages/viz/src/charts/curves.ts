/** Pieces of a line chart. */
import { coordinate } from '../figure/svg.ts'
import type { Tone } from '../figure/tone.ts'
import type { XY } from './decimate.ts'

/** Pieces of the line between values that cannot be drawn. */
export function runsOf(points: readonly XY[], usable: (point: XY) => boolean): XY[][] {
  const runs: XY[][] = [[]]
  for (const point of points)
    if (usable(point)) runs.at(-1)!.push(point)
    else if (runs.at(-1)!.length) runs.push([])
  return runs.filter((run) => run.length)
}

/** A run of one value is a dot: a line without length would not show. */
export function pathOf(points: readonly XY[], x: (v: number) => number, y: (v: number) => number): string {
  const at = ([px, py]: XY): string => `${coordinate(x(px))},${coordinate(y(py))}`
  return points.length === 1
    ? `M${at(points[0])}m-1.5,0a1.5,1.5 0 1 0 3,0a1.5,1.5 0 1 0 -3,0Z`
    : `M${points.map(at).join('L')}`
}

/** Circle, square, triangle, diamond: series are told apart without colour. */
export function marker(index: number, tone: Tone | undefined, x: number, y: number): string {
  const [px, py] = [coordinate(x), coordinate(y)]
  const kind = tone === 'without' ? 0 : tone === 'with' ? 1 : index % 4
  return [
    `M${px},${py}m-3.5,0a3.5,3.5 0 1 0 7,0a3.5,3.5 0 1 0 -7,0Z`,
    `M${px},${py}m-3.3,-3.3h6.6v6.6h-6.6Z`,
    `M${px},${py}m0,-4.5l4.2,7.5h-8.4Z`,
    `M${px},${py}m0,-4.6l4.6,4.6l-4.6,4.6l-4.6,-4.6Z`,
  ][kind]
}

/** Moves labels apart until none overlaps, as little as possible and in their order. */
export function placeLabels(wanted: readonly number[], top: number, bottom: number): number[] {
  const order = wanted.map((_, i) => i).toSorted((a, b) => wanted[a] - wanted[b] || a - b)
  const step = Math.min(15, (bottom - top) / Math.max(1, wanted.length - 1 || 1))
  const result = [...wanted]
  order.forEach((i, k) => {
    if (k > 0) result[i] = Math.max(result[i], result[order[k - 1]] + step)
  })
  let limit = bottom
  for (const i of order.toReversed()) {
    result[i] = Math.min(result[i], limit)
    limit = result[i] - step
  }
  return result
}

/** Least and greatest value. */
export function extent(values: readonly number[], fallback: [number, number]): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return low <= high ? [low, high] : fallback
}
