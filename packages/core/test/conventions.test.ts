import { describe, expect, test } from 'vitest'
import {
  batchNorm,
  conventions,
  groupNorm,
  layerNorm,
  localResponseNorm,
  NormlabError,
  rmsNorm,
  dropout,
} from '../src/index.ts'
import type { AnyNorm } from '../src/normTypes.ts'
import { records, type Described } from '../src/records/index.ts'
import { greatestError } from '../src/testing/index.ts'
import { randomTensor } from './fixtures.ts'

const x = randomTensor([4, 6, 3], 1, 2, 1)

describe('conventions', () => {
  test.each(Object.entries(conventions))(
    '%s names variants that exist, with options that they take',
    (framework, convention) => {
      for (const [name, entry] of Object.entries(convention.variants)) {
        const variant = Object.values(records).find((candidate) => candidate.name === name) as unknown as
          | Described<AnyNorm>
          | undefined
        expect(variant, name).toBeDefined()
        expect(() => variant!.with(convention)).not.toThrow()
        expect(Object.keys(variant!.ships), `${name} says what it is called there`).toContain(framework)
        const known = [...Object.keys(variant!.options), 'axis']
        for (const option of Object.keys(entry.options).filter((key) => key !== 'epsilon'))
          expect(known, name).toContain(option)
      }
    },
  )

  // The figures are semantics.md's, said again by hand.
  test("PyTorch's BatchNorm: channels at axis 1, epsilon 1e-5, a tenth of the new, unbiased variance", () => {
    const torch = batchNorm.with(conventions.torch)
    const spelled = batchNorm.forward(x, {}, { axis: 1, epsilon: 1e-5, decay: 0.9, variance: 'unbiased' })
    const { y, state } = torch.forward(x)
    expect(y.data).toEqual(spelled.y.data)
    expect(state).toEqual(spelled.state)
  })

  test("Keras's and TensorFlow.js's: channels last, epsilon 1e-3, a hundredth, biased", () => {
    for (const convention of [conventions.keras, conventions.tfjs]) {
      const { y, state } = batchNorm.with(convention).forward(x)
      const spelled = batchNorm.forward(x, {}, { axis: -1, epsilon: 1e-3, decay: 0.99, variance: 'biased' })
      expect(y.data).toEqual(spelled.y.data)
      expect(state).toEqual(spelled.state)
    }
  })

  test('epsilons of LayerNorm and RMSNorm', () => {
    const epsilons = {
      torch: [1e-5, 2 ** -23],
      keras: [1e-3, 1e-6],
      flax: [1e-6, 1e-6],
      onnx: [1e-5, 1e-5],
      mlx: [1e-5, 1e-5],
    }
    for (const [name, [layer, rms]] of Object.entries(epsilons)) {
      const convention = conventions[name as keyof typeof epsilons]
      expect(layerNorm.with(convention).forward(x).y.data).toEqual(
        layerNorm.forward(x, {}, { epsilon: layer }).y.data,
      )
      expect(rmsNorm.with(convention).forward(x).y.data).toEqual(
        rmsNorm.forward(x, {}, { epsilon: rms }).y.data,
      )
    }
  })

  test("MLX's groups are interleaved: channel c belongs to group c mod g", () => {
    const channels = randomTensor([2, 6], 3)
    const swapped = {
      data: channels.data.map((_, i) => channels.data[i - (i % 6) + [0, 2, 4, 1, 3, 5][i % 6]]),
      shape: [2, 6],
    }
    const contiguous = groupNorm.forward(swapped, {}, { g: 2 }).y.data
    const interleaved = groupNorm.with(conventions.mlx).forward(channels, {}, { g: 2 }).y.data
    expect(
      greatestError(
        interleaved.map((_, i) => interleaved[i - (i % 6) + [0, 2, 4, 1, 3, 5][i % 6]]),
        contiguous,
      ),
    ).toBeLessThan(1e-12)
  })

  test("LRN: PyTorch divides alpha by the size, TensorFlow's window has radius 5", () => {
    const one = { data: Float64Array.of(1, 2, 3), shape: [1, 3] }
    const energy = 1 + 4 + 9
    expect(localResponseNorm.with(conventions.torch).forward(one).y.data[1]).toBeCloseTo(
      2 / (1 + (1e-4 / 5) * energy) ** 0.75,
      14,
    )
    expect(localResponseNorm.with(conventions.tfjs).forward(one).y.data[1]).toBeCloseTo(
      2 / Math.sqrt(1 + energy),
      14,
    )
  })

  test('a call still overrides, a binding replaces the binding, and what a framework lacks is said', () => {
    const torch = layerNorm.with(conventions.torch)
    expect(torch.forward(x, {}, { epsilon: 1 }).y.data).toEqual(
      layerNorm.forward(x, {}, { epsilon: 1 }).y.data,
    )
    expect(batchNorm.with(conventions.torch).forward(x, {}, { layout: 'nlc' }).state.mean.shape).toEqual([3])
    expect(() => rmsNorm.with(conventions.tfjs)).toThrow(NormlabError)
    expect(() => rmsNorm.with(conventions.tfjs)).toThrow(/TensorFlow.js has no RMSNorm/)
    expect(() => rmsNorm.with(null as never)).toThrow(NormlabError)
    expect(dropout.with(conventions.torch).options.rate).toBe(0.5)
  })
})
