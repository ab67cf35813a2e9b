/**
 * From a histogram to the outline of a row.
 *
 * Bins are merged up to Scott's width (3.49 std n^(-1/3), Scott 1979; the deviation is taken from the quartiles, so
 * that outliers do not widen the bins), then averaged with their neighbours (weights
 * 1 2 1). Nothing else is smoothed. Single bins that stand far above all others (ReLU's zeros) are taken out first.
 */
import type { Distribution } from '@normlab/core'

export interface Spike {
  readonly at: number
  /** Share of the finite values. */
  readonly share: number
}

export interface Outline {
  /** `[x, density]`, x rising. Density is the share of finite values per unit of x. */
  readonly points: readonly (readonly [number, number])[]
  /** Steps of a histogram (points are left edges, the last a right edge), or a curve through bin centres. */
  readonly steps: boolean
  readonly peak: number
  readonly spikes: readonly Spike[]
}

const FLAT: Outline = { points: [], steps: true, peak: 0, spikes: [] }

export function outlineOf({ histogram, summary }: Distribution, smooth = true): Outline {
  const { min, max, outside } = histogram
  const width = (max - min) / histogram.counts.length
  const total = sum(histogram.counts) + outside
  if (total === 0) return FLAT
  if (!(width > 1e-290)) return { ...FLAT, spikes: [{ at: min, share: 1 }] }
  const counts = [...histogram.counts]
  const spikes = spikesIn(counts).map((bin): Spike => {
    const rest = fillOf(counts, bin)
    const share = (counts[bin] - rest) / total
    counts[bin] = rest
    return { at: placeOf(min + bin * width, width, summary), share }
  })
  const merge = smooth ? mergeFactor(counts) : 1
  const merged = mergeBins(counts, merge)
  const first = merged.findIndex((count) => count > 0)
  if (first < 0) return { ...FLAT, spikes }
  const last = merged.findLastIndex((count) => count > 0)
  const occupied = merged.filter((count) => count > 0).length
  const at = (i: number): number => Math.min(max, min + i * merge * width)
  const density = (i: number): number => (merged[i] ?? 0) / (total * (at(i + 1) - at(i)))
  if (!smooth || occupied < 4) {
    const points: [number, number][] = []
    for (let i = first; i <= last; i++) points.push([at(i), density(i)])
    points.push([at(last + 1), 0])
    return { points, steps: true, peak: Math.max(...points.map((p) => p[1])), spikes }
  }
  // At the ends the histogram stops, and so does the curve: it is mirrored there, not led down to 0.
  const clamp = (i: number): number => Math.min(merged.length - 1, Math.max(0, i))
  const smoothed = (i: number): number => (density(clamp(i - 1)) + 2 * density(i) + density(clamp(i + 1))) / 4
  const from = Math.max(0, first - 2)
  const to = Math.min(merged.length - 1, last + 2)
  const points: [number, number][] = [[at(from), smoothed(from)]]
  for (let i = from; i <= to; i++) points.push([(at(i) + at(i + 1)) / 2, smoothed(i)])
  points.push([at(to + 1), smoothed(to)])
  return { points, steps: false, peak: Math.max(...points.map((p) => p[1])), spikes }
}

/** Up to three bins that stand more than four times above all others, where the others are a distribution of their own. */
function spikesIn(counts: readonly number[]): number[] {
  const order = counts.map((_, i) => i).toSorted((a, b) => counts[b] - counts[a] || a - b)
  const total = sum(counts)
  for (let m = 1; m <= Math.min(3, counts.length - 1); m++) {
    const next = counts[order[m]]
    if (counts[order[m - 1]] <= 4 * next) continue
    const rest = order.slice(m).filter((i) => counts[i] > 0.1 * next).length
    const top = order.slice(0, m)
    if (next === 0 ? m <= 2 : rest >= 4 && top.every((i) => counts[i] > 0.04 * total))
      return top.toSorted((a, b) => a - b)
  }
  return counts.length === 1 && total > 0 ? [0] : []
}

const fillOf = (counts: readonly number[], bin: number): number =>
  Math.min(counts[bin], ((counts[bin - 1] ?? 0) + (counts[bin + 1] ?? 0)) / 2)

/** Where in its bin a spike most likely stands: at the least value, at the greatest, at 0, or else in the middle. */
function placeOf(left: number, width: number, { min, max }: { min: number; max: number }): number {
  const right = left + width
  if (left <= 0 && right >= 0) return 0
  if (min >= left && min <= right) return min
  if (max >= left && max <= right) return max
  return left + width / 2
}

function mergeFactor(counts: readonly number[]): number {
  const total = sum(counts)
  const deviation = (quantileBin(counts, 0.75 * total) - quantileBin(counts, 0.25 * total)) / 1.349
  const scott = 3.49 * deviation * Math.max(1, total) ** (-1 / 3)
  return Math.max(1, Math.min(Math.floor(scott), Math.ceil(counts.length / 8)))
}

/** Where the counts add up to `wanted`, in bins from the left. */
function quantileBin(counts: readonly number[], wanted: number): number {
  let below = 0
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] > 0 && below + counts[i] >= wanted) return i + (wanted - below) / counts[i]
    below += counts[i]
  }
  return counts.length
}

function mergeBins(counts: readonly number[], factor: number): number[] {
  const result = Array.from({ length: Math.ceil(counts.length / factor) }, () => 0)
  for (let i = 0; i < counts.length; i++) result[Math.floor(i / factor)] += counts[i]
  return result
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
