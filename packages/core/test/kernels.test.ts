/** Every kernel against the float64 reference: on data that breaks float32 sums, and on random calls. */
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { AnyNorm } from '../src/normTypes.ts'
import { product } from '../src/plan.ts'
import type { Tensor } from '../src/tensor.ts'
import {
  greatestError,
  normals,
  reference,
  useKernels,
  withinGreatest,
  type KernelMode,
} from '../src/testing/index.ts'
import { batchNorm, groupNorm, instanceNorm, layerNorm, rmsNorm } from '../src/variants/index.ts'
import {
  bothPrecisions,
  norms,
  planIfFits,
  randomParams,
  randomTensor,
  sizesOfParts,
  type Options,
} from './fixtures.ts'

const FORWARD = 2e-7
const BACKWARD = 5e-7
const HOSTILE = 1e-6

const modes: readonly KernelMode[] = ['scalar', 'simd', 'relaxed']
afterEach(() => void useKernels('auto'))

interface Call {
  readonly variant: AnyNorm
  readonly x: Tensor
  readonly options?: Options
  readonly seed?: number
}

/** The reference's answers by call: every mode of the kernels is held against the same ones, and the tape is slow. */
const answers = new Map<string, Record<string, Tensor>>()

/** Greatest error over greatest value of y, dx and the gradients of parameters. */
function errorsOf({ variant, x, options = {}, seed = 5 }: Call): Record<string, number> {
  const { shape } = x
  const up = bothPrecisions(randomTensor(shape, seed))
  const given = Object.entries(randomParams(variant, shape, options, seed + 1)).map(
    ([name, value]) => [name, bothPrecisions(value)] as const,
  )
  const values = bothPrecisions(x)
  const run = (which: 'single' | 'double') => {
    const params = Object.fromEntries(given.map(([name, pair]) => [name, pair[which]]))
    const by = which === 'double' ? reference(variant) : variant
    const { y, saved } = by.forward(values[which], params, options)
    return { y, ...by.backward(up[which], saved) } as Record<string, Tensor>
  }
  const got = run('single')
  // The sum tells data of the same shape apart.
  const sum = Array.from(x.data).reduce((total, value) => total + value, 0)
  const key = JSON.stringify([variant.name, shape, options, seed, String(sum), String(x.data[77])])
  const want = answers.get(key) ?? run('double')
  answers.set(key, want)
  return Object.fromEntries(
    Object.keys(want).map((name) => [name, greatestError(got[name].data, want[name].data)]),
  )
}

const asNorm = (variant: unknown): AnyNorm => variant as AnyNorm
const nests: readonly (readonly [string, AnyNorm, readonly number[], Options])[] = [
  ['LayerNorm rows', asNorm(layerNorm), [33, 771], {}],
  ['LayerNorm, wide rows', asNorm(layerNorm), [5, 4099], {}],
  ['RMSNorm rows', asNorm(rmsNorm), [33, 768], {}],
  ['LayerNorm over two axes', asNorm(layerNorm), [6, 20, 48], { axis: [1, 2] }],
  ['LayerNorm, channels first', asNorm(layerNorm), [3, 70, 9, 11], { axis: 1 }],
  ['BatchNorm, channels last', asNorm(batchNorm), [7, 9, 11, 22], {}],
  ['BatchNorm, channels first', asNorm(batchNorm), [7, 6, 9, 11], { axis: 1 }],
  ['GroupNorm, channels last', asNorm(groupNorm), [3, 9, 11, 24], { g: 4 }],
  ['GroupNorm, channels first', asNorm(groupNorm), [3, 24, 9, 11], { axis: 1, g: 4 }],
  ['InstanceNorm, channels last', asNorm(instanceNorm), [3, 9, 11, 24], {}],
  ['InstanceNorm, channels first', asNorm(instanceNorm), [3, 6, 33, 11], { axis: 1 }],
]

const mapped = (shape: readonly number[], f: (value: number, i: number) => number): Tensor => ({
  data: normals(product(shape), 3).map(f),
  shape,
})
const clamp = (value: number) => Math.max(-3e38, Math.min(3e38, value))
type Hostile = [title: string, f: (value: number, i: number) => number, options?: Options]
const hostile: Hostile[] = [
  ['mean 1e3, std 1e-2', (v) => 1e3 + v * 1e-2],
  ['mean 1e6, std 1', (v) => 1e6 + v],
  ['mean 1e6, std 1e-2', (v) => 1e6 + v * 1e-2],
  ['scale 1e-40', (v) => v * 1e-40, { epsilon: 1e-12 }],
  ['scale 1e-20, epsilon 0', (v) => v * 1e-20, { epsilon: 0 }],
  ['scale 1e18', (v) => v * 1e18],
  ['scale 1e30', (v) => v * 1e30],
  ['clamped to 3e38', (v) => clamp(v * 1e39)],
  ['one outlier', (v, i) => (i === 77 ? 1e8 : v)],
  ['an outlier among the first 16', (v, i) => (i === 3 ? 1e8 : v)],
  ['drift over the batch', (v, i) => v + i * 0.1],
  ['a bad first 16', (v, i) => (i < 4000 ? v * 1e-3 + 50 : v)],
]

describe.each(modes)('%s', (mode) => {
  test('this engine has it', () => expect(useKernels(mode)).toBe(true))

  describe.each(nests)('%s', (_name, variant, shape, options) => {
    test('N(0, 1)', () => {
      useKernels(mode)
      const { y, ...gradients } = errorsOf({ variant, x: randomTensor(shape, 1), options })
      expect(y).toBeLessThan(FORWARD)
      for (const [name, error] of Object.entries(gradients)) expect(error, name).toBeLessThan(BACKWARD)
    })

    test.each(hostile)('%s', (...[, f, more]: Hostile) => {
      useKernels(mode)
      const errors = errorsOf({ variant, x: mapped(shape, f), options: { ...options, ...more } })
      for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(HOSTILE)
    })

    test('constant cells give exactly beta', () => {
      useKernels(mode)
      const x = { data: new Float32Array(product(shape)).fill(1234.56), shape }
      for (const epsilon of [1e-5, 0]) {
        const { y } = variant.forward(x, {}, { ...options, epsilon })
        expect(!variant.center || y.data.every((value) => value === 0)).toBe(true)
      }
    })

    test('NaN stays in its cell', () => {
      useKernels(mode)
      const x = bothPrecisions(randomTensor(shape, 2)).single
      x.data[5] = NaN
      const fast = variant.forward(x, {}, options).y.data
      useKernels('scalar')
      const slow = variant.forward(x, {}, options).y.data
      expect(fast.every((value, i) => Number.isNaN(value) === Number.isNaN(slow[i]))).toBe(true)
    })
  })

  test.each([1, 3, 15, 16, 17, 31, 33, 1_000_000])('rows of %i', (length) => {
    useKernels(mode)
    const shape = [length > 1e5 ? 1 : 9, length]
    const errors = errorsOf({ variant: asNorm(layerNorm), x: randomTensor(shape, 4), options: {} })
    // A row of 1 has dx = 0 and dgamma = 0.
    for (const name of length === 1 ? ['y', 'dbeta'] : Object.keys(errors))
      expect(errors[name], name).toBeLessThan(name === 'y' ? FORWARD : BACKWARD)
  })

  test('a million elements a channel', () => {
    useKernels(mode)
    const errors = errorsOf({ variant: asNorm(batchNorm), x: randomTensor([500_000, 3], 4), options: {} })
    expect(errors.y).toBeLessThan(FORWARD)
    expect(errors.dx).toBeLessThan(BACKWARD)
  })

  test('random shapes, bindings, groups, offsets and scales', () => {
    useKernels(mode)
    const call = fc.record({
      sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
      at: fc.nat(5),
      g: fc.integer({ min: 1, max: 5 }),
      k: fc.integer({ min: 1, max: 20 }),
      which: fc.nat(1000),
      seed: fc.nat(1e6),
      offset: fc.constantFrom(0, 0, 3, -1000),
      scale: fc.constantFrom(1, 1, 30, 1e-3),
    })
    fc.assert(
      fc.property(call, ({ sizes, at, g, k, which, seed, offset, scale }) => {
        const variant = norms[which % norms.length]
        const axis = at % (sizes.length + 1)
        const shape = [...sizes.slice(0, axis), g * k, ...sizes.slice(axis)]
        const options = { axis, ...sizesOfParts(variant, (whole) => (whole === 'n' ? 1 : g)) }
        if (!planIfFits(variant, shape, options)) return
        const x = bothPrecisions(randomTensor(shape, seed, scale, offset))
        const dy = bothPrecisions(randomTensor(shape, seed + 3))
        const given = Object.entries(randomParams(variant, shape, options, seed + 5)).map(
          ([name, value]) => [name, bothPrecisions(value)] as const,
        )
        const run = (precision: 'single' | 'double') => {
          const params = Object.fromEntries(given.map(([name, pair]) => [name, pair[precision]]))
          const by = precision === 'double' ? reference(variant) : variant
          const { y, saved } = by.forward(x[precision], params, options)
          return { saved, values: { y, ...by.backward(dy[precision], saved) } as Record<string, Tensor> }
        }
        const [got, want] = [run('single'), run('double')]
        const rstd = Math.max(1, ...(got.saved.rstd ?? []))
        const greatestBeta = Math.max(
          0,
          ...given.flatMap(([name, { single }]) =>
            name === 'beta' ? Array.from(single.data, Math.abs) : [],
          ),
        )
        for (const [name, { data }] of Object.entries(want.values)) {
          // Where terms cancel, the error is relative to them: in y they are gamma xhat and beta.
          const terms =
            name === 'y'
              ? Math.max(0.1, 0.3 * greatestBeta)
              : name === 'dx'
                ? rstd
                : Math.sqrt(x.single.data.length / data.length)
          const error = greatestError(got.values[name].data, data)
          expect(
            withinGreatest(got.values[name].data, data, name === 'y' ? 3e-7 : BACKWARD, 1e-6 * terms),
            `${variant.name} ${name} ${error}`,
          ).toBe(true)
        }
      }),
      { seed: 11, numRuns: 500 },
    )
  }, 60_000)
})
