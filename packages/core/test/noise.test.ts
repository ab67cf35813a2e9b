/** What every dropout relative gets for free. */
import { describe, expect, test } from 'vitest'
import { cellIndex } from '../src/offsets.ts'
import type { Noise, NoiseOptions } from '../src/noise.ts'
import { summaryOf } from '../src/distribution.ts'
import { greatestError, useKernels } from '../src/testing/index.ts'
import { bernoulli, keyOf, randomWords, scheduleOf, threefry4x32 } from '../src/random.ts'
import { records, type Described } from '../src/records/index.ts'
import { concreteDropout, dropout } from '../src/variants/index.ts'
import { normals } from '../src/testing/random.ts'
import { bothPrecisions, planIfFits, randomTensor, sizesOfParts } from './fixtures.ts'
import { layoutsFor } from './layouts.ts'

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a, (value, i) => value * b[i]).reduce((p, q) => p + q, 0)

const noises = Object.values(records).filter((v) => v.kind === 'noise') as unknown as Described<Noise>[]

describe.each(noises.map((v) => [v.name, v] as const))('%s', (_name, variant) => {
  const fitting = layoutsFor(variant.mask).filter(
    ({ shape, binding }) =>
      shape.length > 1 && planIfFits(variant, shape, { ...variant.cases[0], ...binding }),
  )
  test('fits most layouts', () => expect(fitting.length).toBeGreaterThan(2))
  describe.each(fitting)('$name', ({ shape, binding }) => {
    const isDropout = !variant.apply
    const x = randomTensor(shape, 3)
    const options: NoiseOptions = { ...variant.cases[0], ...binding, seed: 17 }

    if (isDropout)
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

    if (isDropout)
      test('backward is the same linear map, in both precisions', () => {
        const dy = randomTensor(shape, 5)
        const { y, saved } = variant.forward(x, {}, options)
        const { dx } = variant.backward(dy, saved)
        expect(dot(y.data, dy.data)).toBeCloseTo(dot(x.data, dx.data), 10)
        const { single } = bothPrecisions(x)
        expect(greatestError(variant.forward(single, {}, options).y.data, y.data)).toBeLessThan(2e-7)
      })

    test('the same seed and step draw the same mask; another seed or step another', () => {
      const shapeWide = shape.map((size) => size * (shape.length > 3 ? 2 : 4))
      const draw = (more: object) => String(variant.draw(shapeWide, { ...options, ...more }))
      expect(draw({})).toBe(draw({}))
      expect(draw({ seed: 18 })).not.toBe(draw({}))
      expect(draw({ step: 1 })).not.toBe(draw({}))
    })

    if (!isDropout)
      test('gradient = finite differences, with the same draw; float32 = float64', () => {
        const params = Object.fromEntries(
          Object.entries(variant.params).map(([name, { init }], i) => {
            const size = variant.paramShape(name, shape, options)
            const values = randomTensor(size, 60 + i, 0.02).data
            return [
              name,
              { data: Float64Array.from(values, (value) => (init as number) + value), shape: size },
            ]
          }),
        )
        const inputs = { x, ...params }
        const dy = randomTensor(shape, 5)
        const { saved, y } = variant.forward(x, params, options)
        const gradients = variant.backward(dy, saved)
        const directions = Object.fromEntries(
          Object.entries(inputs).map(([name, { data }], i) => [name, normals(data.length, 70 + i)]),
        )
        const analytic = Object.keys(inputs).reduce(
          (sum, name) => sum + dot(gradients[`d${name}`].data, directions[name]),
          0,
        )
        const at = (h: number) => {
          const moved = Object.fromEntries(
            Object.entries(inputs).map(([name, { data, shape: size }]) => [
              name,
              { data: Float64Array.from(data, (value, i) => value + h * directions[name][i]), shape: size },
            ]),
          )
          const { x: there, ...rest } = moved
          return dot(variant.forward(there, rest, options).y.data, dy.data)
        }
        const numeric = (at(1e-6) - at(-1e-6)) / 2e-6
        expect(Math.abs(analytic - numeric)).toBeLessThan(1e-6 * Math.max(1, Math.abs(numeric)))
        expect(
          greatestError(variant.forward(bothPrecisions(x).single, params, options).y.data, y.data),
        ).toBeLessThan(2e-7)
      })

    test('nothing is mutated; inference does not draw', () => {
      const before = x.data.slice()
      const infer = (seed: number) => variant.forward(x, {}, { ...options, seed, training: false }).y.data
      expect(infer(1)).toEqual(infer(2))
      expect(variant.infer !== undefined || String(infer(1)) === String(x.data)).toBe(true)
      expect(x.data).toEqual(before)
    })

    if (isDropout)
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

  if (variant.distribution === 'bernoulli')
    test('the dropped fraction is the rate, within five standard errors', () => {
      for (const rate of [0.01, 0.1, 0.5, 0.9]) {
        const shape = variant.mask.startsWith('n') ? [1000, 3, 48] : [1000, 48]
        const mask = variant.draw(shape, { ...variant.cases[0], rate, seed: 4 })
        const dropped = mask.filter((value) => value === 0).length / mask.length
        expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / mask.length))
      }
    })

  if (!variant.apply && variant.mask.startsWith('n'))
    test('a mask can be given', () => {
      const x = randomTensor([2, 3], 1)
      const mask = { data: Float32Array.of(1, 0, 1), shape: [3] }
      const sizes = sizesOfParts(variant, (whole) => (whole === 'n' ? 1 : 3))
      const { y } = variant.forward(x, {}, { rate: 0.5, mask, ...sizes })
      expect(Array.from(y.data)).toEqual(Array.from(x.data, (value, i) => (i % 3 === 1 ? 0 : value * 2)))
    })
})

describe('distributions', () => {
  const many = [400, 500]
  const moments = (variant: Noise, options: NoiseOptions, offset = 0) => {
    const x = { data: normals(200_000, 9).map((value) => value + offset), shape: many }
    const { y } = variant.forward(x, {}, { seed: 3, ...options })
    const { mean, variance } = summaryOf(y.data)
    return { mean, variance }
  }
  const find = (name: string) => noises.find((variant) => variant.name === name)!

  test('alpha dropout keeps mean 0 and variance 1', () => {
    for (const rate of [0.1, 0.3, 0.5]) {
      const { mean, variance } = moments(find('AlphaDropout'), { rate })
      expect(Math.abs(mean)).toBeLessThan(0.015)
      expect(Math.abs(variance - 1)).toBeLessThan(0.03)
    }
    const { y } = find('AlphaDropout').forward(
      { data: Float64Array.of(1, NaN), shape: [1, 2] },
      {},
      { rate: 1 },
    )
    expect([...y.data]).toEqual([0, 0])
  })

  test('Gaussian dropout keeps the mean and adds p / (1 - p) of the mean square; noise adds its variance', () => {
    const { mean, variance } = moments(find('GaussianDropout'), { rate: 0.2 }, 3)
    expect(Math.abs(mean - 3)).toBeLessThan(0.02)
    expect(Math.abs(variance - (1 + 10 * 0.25))).toBeLessThan(0.06)
    expect(Math.abs(moments(find('GaussianNoise'), { stddev: 0.5 }).variance - 1.25)).toBeLessThan(0.02)
  })

  test('DropBlock drops about its rate, in blocks, and keeps the mean', () => {
    const x = { data: new Float64Array(20 * 32 * 32).fill(1), shape: [20, 32, 32, 1] }
    const { y } = find('DropBlock').forward(x, {}, { rate: 0.1, block: 5, seed: 2 })
    const dropped = y.data.filter((value) => value === 0).length / y.data.length
    expect(Math.abs(dropped - 0.1)).toBeLessThan(0.03)
    expect(summaryOf(y.data).mean).toBeCloseTo(1, 9)
    // Inside, a dropped position has dropped neighbours: isolated ones do not exist.
    const at = (n: number, h: number, w: number) => y.data[(n * 32 + h) * 32 + w]
    let alone = 0
    for (let n = 0; n < 20; n++)
      for (let h = 1; h < 31; h++)
        for (let w = 1; w < 31; w++)
          if (at(n, h, w) === 0 && at(n, h - 1, w) !== 0 && at(n, h + 1, w) !== 0) alone++
    expect(alone).toBe(0)
  })

  test('zoneout keeps the previous value of dropped units, and mixes both at inference', () => {
    const x = randomTensor([4, 5], 1)
    const previous = randomTensor([4, 5], 2)
    const zoneout = find('Zoneout')
    const { y } = zoneout.forward(x, { previous }, { rate: 0.5, seed: 1 })
    expect(y.data.every((value, i) => value === x.data[i] || value === previous.data[i])).toBe(true)
    const mixed = zoneout.forward(x, { previous }, { rate: 0.25, training: false }).y
    expect(
      greatestError(
        mixed.data,
        x.data.map((value, i) => 0.75 * value + 0.25 * previous.data[i]),
      ),
    ).toBeLessThan(1e-12)
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
    threefry4x32(block, 0, scheduleOf(Uint32Array.from(key)), 20)
    expect([...block]).toEqual(wanted)
  })

  test.each([0.5, 0.3, 1 / 1024, 0.999, 0, 1])('a mask of rate %f is what its two bytes say', (rate) => {
    const seed = { seed: 5, step: 2 ** 33 }
    const size = 5000
    const schedule = scheduleOf(keyOf(seed))
    const byteOf = (i: number, second: number): number => {
      const block = Uint32Array.of(i >> 4, second, 0, 0)
      threefry4x32(block, 0, schedule)
      return new Uint8Array(Uint32Array.of(block[(i >> 2) & 3]).buffer)[i & 3]
    }
    const wanted = Array.from({ length: size }, (_, i) =>
      Number(byteOf(i, 0) * 256 + byteOf(i, 1) >= Math.round(rate * 65536)),
    )
    expect([...bernoulli(size, rate, seed)]).toEqual(wanted)
  })

  test.each(['scalar', 'simd', 'relaxed'] as const)('kernels draw that mask: %s', (mode) => {
    useKernels(mode)
    try {
      for (const size of [1, 63, 64, 65, 4096 + 17, 20_000])
        for (const rate of [0, 1 / 1024, 0.3, 0.5, 0.999, 0.99999, 1]) {
          const seed = { seed: 2 ** 40 + size, step: 3 }
          const x = { data: new Float32Array(size).fill(3), shape: [size] }
          const { y } = dropout.forward(x, {}, { rate, ...seed })
          expect(
            Uint8Array.from(y.data, (value) => Number(value !== 0)),
            `${size}, ${rate}`,
          ).toEqual(bernoulli(size, rate, seed))
        }
    } finally {
      useKernels('auto')
    }
  })

  test.each([1 / 1024, 0.1, 0.3, 0.75])('masks of rate %f: fraction, neighbours, next step', (rate) => {
    const size = 2 ** 19
    const [mask, next] = [0, 1].map((step) => bernoulli(size, rate, { seed: 6, step }))
    /** Standard errors by which the count of true ones is off. */
    const off = (length: number, chance: number, holds: (i: number) => boolean): number => {
      let count = 0
      for (let i = 0; i < length; i++) if (holds(i)) count++
      return Math.abs(count - length * chance) / Math.sqrt(length * chance * (1 - chance))
    }
    expect(off(size, rate, (i) => !mask[i])).toBeLessThan(5)
    for (const lag of [1, 2, 3, 4, 15, 16, 17, 64, 256, 4096])
      expect(
        off(size - lag, rate * rate, (i) => !mask[i] && !mask[i + lag]),
        `lag ${lag}`,
      ).toBeLessThan(5)
    expect(off(size, rate * rate, (i) => !mask[i] && !next[i])).toBeLessThan(5)
  })

  test('a word depends on its index alone, not on how many are drawn', () => {
    expect([...randomWords(7, { seed: 2 ** 40, step: 3 })]).toEqual([
      ...randomWords(100, { seed: 2 ** 40, step: 3 }).subarray(0, 7),
    ])
    expect(randomWords(4, { seed: 1 })).not.toEqual(randomWords(4, { seed: 1 + 2 ** 32 }))
    expect(randomWords(0)).toHaveLength(0)
  })
})

test.each([-4, 0, 4])('ConcreteDropout: whatever its parameter, %i, the rate is one of (0, 1)', (value) => {
  const size = 20_000
  const x = { data: new Float64Array(size).fill(1), shape: [size] }
  const logit = { data: Float64Array.of(value), shape: [] }
  const { y } = concreteDropout.forward(x, { logit }, { temperature: 0.01, seed: 1 })
  const rate = 1 / (1 + Math.exp(-value))
  const dropped = y.data.filter((kept) => kept * (1 - rate) < 0.5).length
  expect(Math.abs(dropped / size - rate)).toBeLessThan(0.01)
})
