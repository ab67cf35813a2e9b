import { assert, table } from '@normlab/cell'
import type { FunctionName } from '../functions.ts'
import { accuracy, forward, makeNetwork, ring, train } from '../network.ts'

// The network of the figure, trained alike with each function.
const { x, y } = ring()
const names: FunctionName[] = ['none', 'relu', 'tanh', 'sigmoid']
const right = names.map((activation) => {
  const layers = makeNetwork()
  const settings = { activation, place: 'none' } as const
  for (let step = 0; step < 200; step++) train(layers, settings, x, y)
  return accuracy(forward(layers, settings, x), y)
})
table(
  names.map((name, i) => ({ function: name, 'right after 200 steps': right[i] })),
  { digits: 2 },
)
export const [none, relu] = right
assert(none < 0.7 && relu > 0.95, 'without a function a ring cannot be told from its disc')
