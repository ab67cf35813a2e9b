import { NormlabError, type Distribution, type DistributionRecord } from '@normlab/core'
import { checkedNumber, checkedWidth, choice, type FrameOptions } from '../figure/frame.ts'
import { isRange } from '../figure/range.ts'
import { show } from '../figure/show.ts'
import type { Tone } from '../figure/tone.ts'
import { domainOf } from './domain.ts'
import { oneAnEpoch, spread, type Selection } from './select.ts'

export type { Tone } from '../figure/tone.ts'

export interface RidgelineOptions extends FrameOptions, Selection {
  /** Without or with normalization: colour, texture and a label. Default: neither. */
  tone?: Tone
  /** Range of x. Pairs that are compared share one: see `sharedDomain`. Default: that of the rows drawn. */
  domain?: readonly [number, number]
  /** Quantity and unit on the x axis. Default: `pre-activation (dimensionless)` or `activation (dimensionless)`. */
  xLabel?: string
  /** A sentence below the figure; `true` writes `ridgelineCaption`'s. */
  caption?: string | boolean
  /** Explains marks and smoothing in small print. Default true. */
  note?: boolean
  /** Pixels from one baseline to the next, 20 to 400. Default 58. */
  rowHeight?: number
  /** How far a peak may reach into the row above, as a share of the row's height, 0 to 3. Default 0.15. */
  overlap?: number
  /** Repeats the first row's outline in the rows below. Default true. */
  ghost?: boolean
  /** Lightly smoothed curve, or the histogram's own steps. Default true. */
  smooth?: boolean
  /** Equal areas, or each row scaled to its own peak. Default: equal areas, unless that flattens a row to less than a fifth. */
  heights?: 'area' | 'peak'
  /** Most rows to draw when `epochs` is not given, 2 to 50; the rest is left out evenly. Default 7. */
  mostRows?: number
  /** Epoch of a row to set off. */
  highlight?: number
  /** Text beside a row. Default `epoch 10`. */
  rowLabel?: (row: Distribution) => string
}

export interface Settings extends RidgelineOptions {
  width: number
  rowHeight: number
  overlap: number
  domain: readonly [number, number]
  rows: readonly Distribution[]
  /** Epochs that the record holds for this choice. */
  recorded: number
}

/** Checks everything once. @throws NormlabError naming the option. */
export function settingsOf(record: DistributionRecord, options: RidgelineOptions): Settings {
  const all = oneAnEpoch(record, options)
  const most = checkedNumber('mostRows', options.mostRows ?? 7, 2, 50)
  const rows = options.epochs ? all : spread(all, Math.floor(most))
  choice('tone', options.tone, ['without', 'with'])
  choice('heights', options.heights, ['area', 'peak'])
  const { domain = domainOf(rows) } = options
  if (!(Array.isArray(domain) && isRange(domain[0], domain[1])))
    throw new NormlabError('domain', show(domain), 'Give [min, max], finite, min below max')
  if (options.highlight !== undefined && !rows.some((row) => row.epoch === options.highlight))
    throw new NormlabError(
      'highlight',
      `epoch ${show(options.highlight)} is not drawn`,
      `Drawn are ${rows.map((row) => row.epoch).join(', ')}`,
    )
  return {
    ...options,
    rows,
    recorded: all.length,
    domain,
    width: checkedWidth(options.width),
    rowHeight: checkedNumber('rowHeight', options.rowHeight ?? 58, 20, 400),
    overlap: checkedNumber('overlap', options.overlap ?? 0.15, 0, 3),
  }
}
