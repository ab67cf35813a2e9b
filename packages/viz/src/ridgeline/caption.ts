/** The finding of a ridgeline in words and numbers. */
import type { Distribution, DistributionRecord } from '@normlab/core'
import { asPrecise, integer, list, number, percent } from '../figure/format.ts'
import { toneName } from '../figure/tone.ts'
import { outlineOf } from './density.ts'
import { settingsOf, type RidgelineOptions, type Settings } from './options.ts'

const std = (row: Distribution): number => Math.sqrt(Math.max(0, row.summary.variance))

export const sideName = ({ side }: Distribution): string =>
  ({ pre: 'pre-activation', post: 'activation', gradient: 'gradient' })[side]

/** `pre-activation of unit 3 of layer dense_1` */
export function quantityOf(row: Distribution): string {
  const side = sideName(row)
  const layer = row.layer === null ? 'the whole network' : `layer ${row.layer}`
  return row.unit === null ? `${side}s of ${layer}` : `${side} of unit ${row.unit} of ${layer}`
}

export function captionOf(settings: Settings): string {
  const { rows, tone } = settings
  if (rows.length === 0) return 'No distribution is recorded.'
  const filled = rows.filter((row) => row.summary.count > 0)
  const what = `${tone ? `${capital(toneName(tone))}, the` : 'The'} ${quantityOf(rows[0])}`
  const notFinite = rows.filter((row) => row.histogram.notFinite > 0)
  const broken = notFinite.length
    ? ` Values that are not finite: ${list(notFinite.map((r) => `${integer(r.histogram.notFinite)} at epoch ${r.epoch}`))}.`
    : ''
  if (filled.length === 0) return `${what}: no finite value.${broken}`
  const first = filled[0]
  const last = filled.at(-1)!
  const spikes = outlineOf(last).spikes.map((s) => `${percent(s.share)} near ${number(s.at)}`)
  const spike = spikes.length
    ? ` At epoch ${last.epoch}, ${list(spikes)} of the values stand in single bins.`
    : ''
  if (first === last)
    return `${what} at epoch ${first.epoch}: mean ${asPrecise(first.summary.mean, std(first))}, standard deviation ${number(std(first))}, over ${integer(first.summary.count)} values.${spike}${broken}`
  const scale = Math.max(std(first), std(last))
  const moved = (a: number, b: number): string => {
    const [from, to] = [asPrecise(a, scale), asPrecise(b, scale)]
    return from === to ? `stays at ${to}` : `goes from ${from} to ${to}`
  }
  return `${what}: from epoch ${first.epoch} to epoch ${last.epoch} the mean ${moved(first.summary.mean, last.summary.mean)}, and the standard deviation ${moved(std(first), std(last))}.${spike}${broken}`
}

/** The sentence that `ridgeline(record, options)` puts into its `<desc>`. @throws NormlabError as `ridgeline` does. */
export function ridgelineCaption(record: DistributionRecord, options: RidgelineOptions = {}): string {
  return captionOf(settingsOf(record, options))
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
