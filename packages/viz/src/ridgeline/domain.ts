/** The range of x that several ridgelines share. */
import type { Distribution, DistributionRecord, Histogram } from '@normlab/core'
import { NormlabError } from '@normlab/core'
import { isRange, padded } from '../figure/range.ts'
import { show } from '../figure/show.ts'
import { sum } from './density.ts'
import { matching, type Selection } from './select.ts'
import { nice } from '../figure/ticks.ts'

export interface DomainOptions extends Selection {
  /** Share of all mass that the domain holds, above 0 and at most 1. Default 0.995. */
  cover?: number
}

/**
 * A domain with nice bounds for figures that are compared, robust against outliers: it leaves (1 - cover) / 2 of the
 * pooled mass out at either end. Every row weighs the same. Without any finite value it is [-1, 1].
 * @param records one record or several.
 * @param selection which rows count; what it leaves open, such as the unit, takes part whole.
 * @throws NormlabError as `ridgeline` does, and for `cover`.
 */
export function sharedDomain(
  records: DistributionRecord | readonly DistributionRecord[],
  selection: DomainOptions = {},
): [number, number] {
  const all = Array.isArray(records) ? records : [records as DistributionRecord]
  return domainOf(
    all.flatMap((record: DistributionRecord) => matching(record, selection)),
    selection.cover,
  )
}

export function domainOf(rows: readonly Distribution[], cover = 0.995): [number, number] {
  if (!(cover > 0 && cover <= 1))
    throw new NormlabError('cover', show(cover), 'Give a share above 0, at most 1')
  const filled = rows.filter((row) => sum(row.histogram.counts) > 0).map((row) => row.histogram)
  if (filled.length === 0) return [-1, 1]
  const tail = (1 - cover) / 2
  const [low, high] = padded(quantile(filled, tail), quantile(filled, 1 - tail))
  const slack = (high - low) * 0.02
  const [a, b] = nice(low - slack, high + slack, 8)
  return isRange(a, b) ? [a || 0, b || 0] : [low - slack, high + slack]
}

/** The x below which a share `p` of the pooled mass lies. Mass is even within a bin. Bisection: the share rises with x. */
function quantile(histograms: readonly Histogram[], p: number): number {
  let low = Infinity
  let high = -Infinity
  for (const h of histograms) {
    const width = (h.max - h.min) / h.counts.length
    low = Math.min(low, h.min + width * h.counts.findIndex((count) => count > 0))
    high = Math.max(high, h.min + width * (h.counts.findLastIndex((count) => count > 0) + 1))
  }
  for (let i = 0; i < 60; i++) {
    const middle = low / 2 + high / 2
    let share = 0
    for (const h of histograms) share += shareBelow(h, middle)
    if (share < p * histograms.length) low = middle
    else high = middle
  }
  return p < 0.5 ? low : high
}

/** Share of the histogram's mass that lies below x. */
export function shareBelow({ min, max, counts }: Histogram, x: number): number {
  const total = sum(counts)
  if (total === 0 || x <= min) return 0
  if (x >= max) return 1
  const at = ((x - min) / (max - min)) * counts.length
  const bin = Math.min(counts.length - 1, Math.floor(at))
  return (sum(counts.slice(0, bin)) + counts[bin] * (at - bin)) / total
}
