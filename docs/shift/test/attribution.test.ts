import { describe, expect, test } from 'vitest'
import { attribute, linear, moments, neuron } from '../experiment/attribution.ts'

describe('the worked table: inputs 2, 3 become 2.5, 4; weight .5 becomes .3', () => {
  const before = { inputs: [2, 3], weights: [0.5], bias: 0 }
  const after = { inputs: [2.5, 4], weights: [0.3], bias: 0 }
  const mean = attribute(before, after, 'mean')

  test.each([
    ['total', -0.275],
    ['ownFirst', -0.5],
    ['upstreamAfter', 0.225],
    ['upstreamFirst', 0.375],
    ['ownAfter', -0.65],
    ['joint', -0.15],
  ] as const)('%s is %f', (part, value) => expect(mean[part]).toBeCloseTo(value, 12))

  test('"slightly shifted" inputs: mean +30%, standard deviation +50%', () => {
    const [a, b] = [moments(before.inputs), moments(after.inputs)]
    expect(b.mean / a.mean).toBeCloseTo(1.3, 12)
    expect(b.std / a.std).toBeCloseTo(1.5, 12)
  })
})

test('both orders add up, for the mean and for the standard deviation, with bias', () => {
  const before = { inputs: [1, 2, 0, -1, 3, 1], weights: [0.4, -0.2], bias: 0.1 }
  const after = { inputs: [1, 2.5, 0.3, -1, 2, 2], weights: [0.1, -0.5], bias: -0.4 }
  for (const what of ['mean', 'std'] as const) {
    const a = attribute(before, after, what)
    expect(a.ownFirst + a.upstreamAfter).toBeCloseTo(a.total, 12)
    expect(a.upstreamFirst + a.ownAfter).toBeCloseTo(a.total, 12)
    expect(a.ownAfter - a.ownFirst).toBeCloseTo(a.joint, 12)
  }
  expect(attribute(before, { ...after, inputs: before.inputs }, 'mean').upstreamFirst).toBe(0)
  expect(attribute(before, { ...before, inputs: after.inputs }, 'mean').ownFirst).toBe(0)
})

test('a neuron out of a kernel, and its z', () => {
  const own = neuron([1, 2, 3, 4], { kernel: [1, 10, 2, 20], bias: [5, 6] }, 1)
  expect(own.weights).toEqual([10, 20])
  expect([...linear(own.inputs, own)]).toEqual([56, 116])
})
