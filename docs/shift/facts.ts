import json from './recording.json' with { type: 'json' }
import type { Selection } from './experiment/distributions.ts'
import type { Recording } from './experiment/recording.ts'

/** The recorded run, for the figures that stand there before anyone presses Run. */
export const recording = json as unknown as Recording

const { layer, unit } = recording.neuron
export const neuron: Selection = { scope: 'neuron', layer, unit, side: 'pre' }
export const wholeLayer: Selection = { ...neuron, scope: 'layer' }
