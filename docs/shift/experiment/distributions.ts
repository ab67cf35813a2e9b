import { histogramOf, summaryOf, type Distribution } from '@normlab/core'
import { unitValues } from './measures.ts'
import type { Values } from './snapshot.ts'

/** What of a network is looked at. Layers and neurons are counted from 1. */
export interface Selection {
  readonly scope: 'neuron' | 'layer' | 'network'
  readonly layer: number
  readonly unit: number
  readonly side: 'pre' | 'post'
}

/** The selected numbers: one neuron over the probe, all neurons of a layer, or all of the network. */
export function select(values: Values, { scope, layer, unit, side }: Selection): Float32Array {
  if (scope === 'neuron') return unitValues(values[side][layer - 1], values.units, unit - 1)
  if (scope === 'layer') return values[side][layer - 1]
  const all = new Float32Array(values[side].reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of values[side]) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Numbers as the reader sees them, from 1; null is "all of them". */
export const namesOf = ({ scope, layer, unit }: Selection) => ({
  layer: scope === 'network' ? null : String(layer),
  unit: scope === 'neuron' ? unit : null,
})

export function distributionOf(values: Values, selection: Selection, epoch: number, bins = 48): Distribution {
  const numbers = select(values, selection)
  const { side } = selection
  return {
    epoch,
    side,
    ...namesOf(selection),
    histogram: histogramOf(numbers, { bins }),
    summary: summaryOf(numbers),
  }
}
