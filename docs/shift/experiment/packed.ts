import type { Distribution, DistributionRecord } from '@normlab/core'
import { distributionOf, namesOf, type Selection } from './distributions.ts'
import type { Values } from './snapshot.ts'

/** min, max, mean, variance, then the counts: a distribution in few bytes. */
type Row = number[]

/** Distributions of all neurons, layers and the network of one run, by `keyOf`, one row an epoch. */
export interface Packed {
  readonly epochs: readonly number[]
  readonly rows: Readonly<Record<string, readonly Row[]>>
}

export const keyOf = ({ scope, layer, unit, side }: Selection): string =>
  [side, ...(scope === 'network' ? [] : [layer]), ...(scope === 'neuron' ? [unit] : [])].join('.')

/** All that a network of this shape can be asked for. */
export function selections(depth: number, width: number): Selection[] {
  const all: Selection[] = []
  for (const side of ['pre', 'post'] as const) {
    all.push({ scope: 'network', layer: 1, unit: 1, side })
    for (let layer = 1; layer <= depth; layer++) {
      all.push({ scope: 'layer', layer, unit: 1, side })
      for (let unit = 1; unit <= width; unit++) all.push({ scope: 'neuron', layer, unit, side })
    }
  }
  return all
}

export function pack(
  moments: readonly { epoch: number; values: Values }[],
  depth: number,
  width: number,
): Packed {
  const rows: Record<string, Row[]> = {}
  for (const selection of selections(depth, width))
    rows[keyOf(selection)] = moments.map(({ epoch, values }) => {
      const { histogram, summary } = distributionOf(values, selection, epoch, 32)
      return [
        ...[histogram.min, histogram.max, summary.mean, summary.variance].map(round),
        ...histogram.counts,
      ]
    })
  return { epochs: moments.map(({ epoch }) => epoch), rows }
}

export function unpack({ epochs, rows }: Packed, selection: Selection): DistributionRecord {
  const distributions = rows[keyOf(selection)].map(
    ([min, max, mean, variance, ...counts], i): Distribution => {
      const count = counts.reduce((sum, number) => sum + number, 0)
      return {
        epoch: epochs[i],
        side: selection.side,
        ...namesOf(selection),
        histogram: { min, max, counts, outside: 0, notFinite: 0 },
        summary: { count, mean, variance, min, max },
      }
    },
  )
  return { format: 'normlab-distributions-1', distributions }
}

/** Five digits: more than two engines agree on after thirty epochs. */
export const round = (value: number): number => Number(value.toPrecision(5))
