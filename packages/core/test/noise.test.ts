/** What every dropout relative gets for free. */
import { describe, expect, test } from 'vitest'
import { cellIndex } from '../src/offsets.ts'
import type { Noise, NoiseOptions } from '../src/noise.ts'
import { greatestError } from '../src/testing/index.ts'
import { threefry4x32, randomWords } from '../src/random.ts'
import { variants } from '../src/variants/index.ts'
import { bothPrecisions, randomTensor } from './fixtures.ts'
import { layouts } from './layouts.ts'

const noises = (variants as readonly { kind: string }[]).filter((v) => v.kind === 'noise') as Noise[]

describe.each(noises.map((v) => [v.name, v] as const))('%s', (_name, variant) => {
  describe.each(layouts.filter(({ shape }) => shape.length > 1))('$name', ({ shape, binding }) => {
    const x = randomTensor(shape, 3)
    const options: NoiseOptions = { ...variant.cases[0], ...binding, seed: 17 }

    test('elements of a mask cell share their draw; kept ones are divided by 1 - rate', () => {
      const { y, saved } = variant.forward(x, {}, options)
      const mask = variant.draw(shape, options)
      const index = cellIndex(saved.plan)
      const scale = 1 / (1 - (options.rate ?? Number(variant.options.rate)))
      expect(mask.length).toBe(saved.plan.cells)
      expect(Array.from(y.data)).toEqual(
        Array.from(x.data, (value, i) => (mask[index[i]] ? value * scale : 0)),
      )
    })

    test('backward is the same linear map, in both precisions', () => {
      const dy = randomTensor(shape, 5)
      const { y, saved } = variant.forward(x, {}, options)
      const { dx } = variant.backward(dy, saved)
      const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
        Array.from(a, (value, i) => value * b[i]).reduce((p, q) => p + q, 0)
      expect(dot(y.data, dy.data)).toBeCloseTo(dot(x.data, dx.data), 10)
      const { single } = bothPrecisions(x)
      expect(greatestError(variant.forward(single, {}, options).y.data, y.data)).toBeLessThan(2e-7)
    })

    test('the same seed and step draw the same mask; another seed or step another', () => {
      const shapeWide = shape.map((size) => size * 4)
      const draw = (more: object) => String(variant.draw(shapeWide, { ...options, ...more }))
      expect(draw({})).toBe(draw({}))
      expect(draw({ seed: 18 })).not.toBe(draw({}))
      expect(draw({ step: 1 })).not.toBe(draw({}))
    })

    test('inference is the identity, rate 0 keeps all, rate 1 drops all', () => {
      expect(variant.forward(x, {}, { ...options, training: false }).y.data).toEqual(x.data)
      expect(variant.forward(x, {}, { ...options, rate: 0 }).y.data).toEqual(x.data)
      const all = variant.forward(
        { data: x.data.map((_, i) => (i === 0 ? Infinity : NaN)), shape },
        {},
        { ...options, rate: 1 },
      )
      expect(all.y.data.every((value) => value === 0)).toBe(true)
      expect(variant.backward(x, all.saved).dx.data.every((value) => value === 0)).toBe(true)
    })
  })

  test('the dropped fraction is the rate, within five standard errors', () => {
    for (const rate of [0.01, 0.1, 0.5, 0.9]) {
      const shape = [100, 10, 100]
      const mask = variant.draw(shape, { rate, seed: 4 })
      const dropped = mask.filter((value) => value === 0).length / mask.length
      expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / mask.length))
    }
  })

  test('a mask can be given', () => {
    const x = randomTensor([2, 3], 1)
    const mask = { data: Float32Array.of(1, 0, 1), shape: [3] }
    const { y } = variant.forward(x, {}, { rate: 0.5, mask })
    expect(Array.from(y.data)).toEqual(Array.from(x.data, (value, i) => (i % 3 === 1 ? 0 : value * 2)))
  })
})

describe('random words', () => {
  // Random123's kat_vectors, threefry4x32 with 20 rounds: counter, key, result.
  const zero = [0, 0, 0, 0]
  const ones = [-1, -1, -1, -1]
  test.each([
    [zero, zero, [0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8]],
    [ones, ones, [0x2a881696, 0x57012287, 0xf6c7446e, 0xa16a6732]],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89],
      [0x59cd1dbb, 0xb8879579, 0x86b5d00c, 0xac8b6d84],
    ],
  ])('threefry4x32 gives the published vectors', (counter, key, wanted) => {
    const block = Uint32Array.from(counter)
    threefry4x32(block, Uint32Array.from(key), 20)
    expect([...block]).toEqual(wanted)
  })

  test('a word depends on its index alone, not on how many are drawn', () => {
    expect([...randomWords(7, { seed: 2 ** 40, step: 3 })]).toEqual([
      ...randomWords(100, { seed: 2 ** 40, step: 3 }).subarray(0, 7),
    ])
    expect(randomWords(4, { seed: 1 })).not.toEqual(randomWords(4, { seed: 1 + 2 ** 32 }))
    expect(randomWords(0)).toHaveLength(0)
  })
})
