import { attribute, moments } from '../experiment/attribution.ts'

const before = { inputs: [2, 3], weights: [0.5], bias: 0 }

/** Exercise 2: a weight that falls less. */
export const milder = attribute(before, { inputs: [2.5, 4], weights: [0.4], bias: 0 }, 'mean')

/** The weight at which the mean does not move. */
export const standstill = (moments([2, 3]).mean * 0.5) / moments([2.5, 4]).mean
