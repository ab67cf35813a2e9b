import { describe, expect, test } from 'vitest'
import { functions, type FunctionName } from '../functions.ts'
import { accuracy, forward, makeNetwork, ring, train, type Layer, type Place } from '../network.ts'

const { x, y } = ring()

test('half of the examples lie in the disc, half on the ring around it', () => {
  const radius = Float64Array.from(y, (_, n) => Math.hypot(x[2 * n], x[2 * n + 1]))
  expect(y.reduce((sum, label) => sum + label)).toBe(y.length / 2)
  for (const [n, label] of y.entries()) expect(label ? radius[n] < 1.05 : radius[n] > 0.95).toBe(true)
})

describe('a step goes down the gradient: central differences', () => {
  const loss = (layers: readonly Layer[], activation: FunctionName, place: Place): number =>
    forward(layers, { activation, place }, x)
      .at(-1)!
      .a.reduce((sum, p, n) => sum - Math.log(y[n] ? p : 1 - p) / y.length, 0)

  // ReLU has a kink, which a difference may straddle.
  const smooth = (Object.keys(functions) as FunctionName[]).filter((name) => name !== 'relu')
  test.each(
    smooth.flatMap((name) => (['none', 'before', 'after'] as const).map((place) => [name, place] as const)),
  )('%s, BatchNorm %s', (activation, place) => {
    const rate = 1e-3
    const start = () => {
      const layers = makeNetwork(3)
      for (let step = 0; step < 5; step++) train(layers, { activation, place }, x, y)
      return layers
    }
    const [layers, after] = [start(), start()]
    train(after, { activation, place }, x, y, rate)
    for (const [l, layer] of layers.entries())
      for (const part of ['w', 'b', 'gamma', 'beta'] as const)
        for (const i of [0, layer[part].length - 1]) {
          const value = layer[part][i]
          const at = (changed: number): number => {
            layer[part][i] = changed
            const result = loss(layers, activation, place)
            layer[part][i] = value
            return result
          }
          const difference = (at(value + 1e-5) - at(value - 1e-5)) / 2e-5
          const went = (value - after[l][part][i]) / rate
          expect(Math.abs(went - difference), `layer ${l}, ${part}[${i}]`).toBeLessThan(1e-6)
        }
  })
})

test('ReLU learns the ring; without a function nothing can', () => {
  const after = (activation: FunctionName): number => {
    const layers = makeNetwork()
    for (let step = 0; step < 100; step++) train(layers, { activation, place: 'none' }, x, y)
    return accuracy(forward(layers, { activation, place: 'none' }, x), y)
  }
  expect(after('relu')).toBeGreaterThan(0.95)
  expect(after('none')).toBeLessThan(0.7)
})
