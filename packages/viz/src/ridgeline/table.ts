import type { DistributionRecord } from '@normlab/core'
import { oneAnEpoch, type Selection } from './select.ts'

/** A row of the table behind a ridgeline. All but the last are over the finite values. */
export interface DistributionRow {
  readonly epoch: number
  readonly count: number
  readonly mean: number
  /** Biased: divided by the count. */
  readonly std: number
  readonly min: number
  readonly max: number
  /** Values that are NaN or infinite. */
  readonly notFinite: number
}

/** The numbers behind `ridgeline(record, selection)`, one row an epoch. @throws NormlabError as `ridgeline` does. */
export function distributionTable(record: DistributionRecord, selection: Selection = {}): DistributionRow[] {
  return oneAnEpoch(record, selection).map(({ epoch, summary, histogram }) => ({
    epoch,
    count: summary.count,
    mean: summary.mean,
    std: Math.sqrt(Math.max(0, summary.variance)),
    min: summary.min,
    max: summary.max,
    notFinite: histogram.notFinite,
  }))
}
