/** Which distributions of a record a figure, a domain or a table speaks of. */
import { NormlabError, type Distribution, type DistributionRecord, type Side } from '@normlab/core'
import { show } from '../figure/show.ts'

export interface Selection {
  /** Layer name; null for the whole network. Needed where the record holds several. */
  layer?: string | null
  /** Unit index; null for all units of the layer together. Needed where the record holds several. */
  unit?: number | null
  /** Before or after the activation function, or the gradient after it. Needed where the record holds several. */
  side?: Side
  /** Epochs to take. Default: all. */
  epochs?: readonly number[]
}

const WHICH = ['layer', 'unit', 'side'] as const

/**
 * All distributions that `selection` allows, by epoch. What it leaves open stays open.
 * @throws NormlabError naming `record`, or the argument that nothing in the record answers to.
 */
export function matching(record: DistributionRecord, selection: Selection = {}): Distribution[] {
  let rows = [...checkedRecord(record).distributions]
  if (rows.length === 0) return rows
  for (const which of WHICH) {
    const wanted = selection[which]
    if (wanted === undefined) continue
    const there = distinct(rows, which)
    rows = rows.filter((row) => row[which] === wanted)
    if (rows.length === 0)
      throw new NormlabError(which, `${show(wanted)} is not in the record`, `There is ${there}`)
  }
  if (selection.epochs !== undefined) {
    if (!Array.isArray(selection.epochs))
      throw new NormlabError('epochs', show(selection.epochs), 'Give a list of epochs')
    for (const epoch of selection.epochs)
      if (!rows.some((row) => row.epoch === epoch))
        throw new NormlabError(
          'epochs',
          `${show(epoch)} is not in the record`,
          `There is ${[...new Set(rows.map((row) => row.epoch))].join(', ')}`,
        )
    rows = rows.filter((row) => selection.epochs!.includes(row.epoch))
  }
  return rows.toSorted((a, b) => a.epoch - b.epoch)
}

/**
 * One distribution an epoch, by epoch.
 * @throws NormlabError naming the argument that is needed to choose between several.
 */
export function oneAnEpoch(record: DistributionRecord, selection: Selection = {}): Distribution[] {
  const rows = matching(record, selection)
  for (const which of WHICH)
    if (selection[which] === undefined && new Set(rows.map((row) => row[which])).size > 1)
      throw new NormlabError(
        which,
        'not given, and the record holds several',
        `Give one of ${distinct(rows, which)}`,
      )
  for (let i = 1; i < rows.length; i++)
    if (rows[i].epoch === rows[i - 1].epoch)
      throw new NormlabError(
        'record',
        `epoch ${rows[i].epoch} stands twice in it`,
        'Give one distribution an epoch',
      )
  return rows
}

/** At most `most` of the rows, the first and last among them, spread evenly. */
export function spread<T>(rows: readonly T[], most: number): T[] {
  if (rows.length <= most) return [...rows]
  return Array.from({ length: most }, (_, i) => rows[Math.round((i * (rows.length - 1)) / (most - 1))])
}

function distinct(rows: readonly Distribution[], which: (typeof WHICH)[number]): string {
  const values = [...new Set(rows.map((row) => row[which]))]
  return `${values.slice(0, 12).map(show).join(', ')}${values.length > 12 ? ', …' : ''}`
}

const checked = new WeakSet<DistributionRecord>()

/** @throws NormlabError naming `record`, with the place, when it is not what core's recorder writes. */
function checkedRecord(record: DistributionRecord): DistributionRecord {
  if (typeof record === 'object' && record !== null && checked.has(record)) return record
  if (record?.format !== 'normlab-distributions-1' || !Array.isArray(record.distributions))
    throw new NormlabError(
      'record',
      show(record),
      "Give { format: 'normlab-distributions-1', distributions: [...] }",
    )
  for (const [i, row] of record.distributions.entries()) {
    const what = wrong(row)
    if (what)
      throw new NormlabError(
        'record',
        `distributions[${i}]: ${what}`,
        'Make it with core’s histogramOf and summaryOf',
      )
  }
  checked.add(record)
  return record
}

function wrong(row: Distribution): string | null {
  const { epoch, histogram: h, summary: s } = row ?? {}
  if (!Number.isFinite(epoch)) return `epoch is ${show(epoch)}`
  if (!Number.isFinite(h?.min) || !Number.isFinite(h.max) || !(h.max > h.min))
    return `histogram goes from ${show(h?.min)} to ${show(h?.max)}`
  if (!Number.isFinite(h.max - h.min)) return 'histogram is wider than a number can say'
  if (!Array.isArray(h.counts) || h.counts.length === 0) return 'histogram has no counts'
  if (![...h.counts, h.outside, h.notFinite].every((n) => n >= 0 && Number.isFinite(n)))
    return 'a count is no number, or negative'
  // A variance may overflow where its values do not.
  if (!s || ![s.count, s.mean, s.min, s.max].every(Number.isFinite) || !(s.variance >= 0))
    return `summary is ${show(s)} with a value that is no number`
  return null
}
