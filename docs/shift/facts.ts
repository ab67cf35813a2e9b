import json from './recording.json' with { type: 'json' }
import { moments } from './experiment/attribution.ts'
import type { Recording } from './experiment/recording.ts'
import { unpack } from './experiment/packed.ts'
import type { Selection } from './experiment/distributions.ts'

/** The recorded run, for the page's figures and words. */
export const recording = json as unknown as Recording

const { layer, unit } = recording.neuron
export const neuron: Selection = { scope: 'neuron', layer, unit, side: 'pre' }
export const wholeLayer: Selection = { ...neuron, scope: 'layer' }
export const wholeNetwork: Selection = { ...neuron, scope: 'network' }
export const nextLayerSees: Selection = { ...neuron, side: 'post' }

/** A number as it is printed: fixed digits, a true minus sign. */
export const num = (value: number, digits = 2): string => {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−')
}

export const percent = (share: number): string => `${Math.round(share * 100)}%`

/** Mean and standard deviation at the first or the last shown epoch. */
export function at(side: 'without' | 'with', which: 'first' | 'last', selection: Selection = neuron) {
  const { distributions } = unpack(recording.packed[side], selection)
  const { mean, variance } = distributions[which === 'first' ? 0 : distributions.length - 1].summary
  return { mean, std: Math.sqrt(variance) }
}

/** The worked table's inputs: how far "slightly shifted" is. */
export const slightly = {
  mean: moments([2.5, 4]).mean / moments([2, 3]).mean - 1,
  std: moments([2.5, 4]).std / moments([2, 3]).std - 1,
}

/** The layer whose drift is the last over the first. */
export const growth = (drift: readonly number[]): number => drift[drift.length - 1] / drift[0]
