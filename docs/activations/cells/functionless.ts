import { assert, table } from '@normlab/cell'
import type { FunctionName } from '../functions.ts'
import { accuracy, forward, makeNetwork, ring, train } from '../network.ts'

// The network of the figure, trained alike with each function.
const { x, y } = ring()
const trained = (activation: FunctionName, steps: number) => {
  const layers = makeNetwork()
  for (let step = 0; step < steps; step++) train(layers, { activation, place: 'none' }, x, y)
  return accuracy(forward(layers, { activation, place: 'none' }, x), y)
}
export const after = {
  none: trained('none', 300),
  relu: trained('relu', 300),
  tanh: trained('tanh', 300),
  sigmoid: trained('sigmoid', 300),
}
table(Object.entries(after).map(([name, right]) => ({ function: name, 'right after 300 steps': right })))
assert(after.none < 0.7 && after.relu > 0.95, 'without a function a ring cannot be told from its disc')
