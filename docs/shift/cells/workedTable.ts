import { attribute } from '../experiment/attribution.ts'

// One neuron with one input, two examples, before and after an update of all weights.
const before = { inputs: [2, 3], weights: [0.5], bias: 0 }
const after = { inputs: [2.5, 4], weights: [0.3], bias: 0 }

export const parts = attribute(before, after, 'mean')
