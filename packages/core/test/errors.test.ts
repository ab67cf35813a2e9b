/** Bad input: an error of our class that names the argument, the value and the remedy. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  foldBatchNorm,
  foldCentering,
  foldLayerNorm,
  histogramOf,
  mergeMoments,
  populationState,
  randomWords,
  varianceOf,
  batchNorm,
  batchRenorm,
  dropout,
  gaussianDropout,
  groupNorm,
  layerNorm,
  localResponseNorm,
  momentsOf,
  norm,
  NormlabError,
  parsePattern,
  planOf,
} from '../src/index.ts'
import { described } from '../src/records/index.ts'
import type { AnyNorm } from '../src/normTypes.ts'
import type { Tensor } from '../src/tensor.ts'
import { variants } from '../src/variants/index.ts'
import { about } from '../src/variants/layerNorm.ts'
import { randomTensor, sizesOfParts } from './fixtures.ts'

const x = { data: new Float32Array(24), shape: [2, 3, 4] }
const f32 = (shape: number[]) => ({ data: new Float32Array(shape.reduce((a, b) => a * b, 1)), shape })
const call = (value: unknown, params?: unknown, options?: unknown) =>
  layerNorm.forward(value as never, params as never, options as never)

const refused: readonly [string, string, RegExp, () => unknown][] = [
  ['x is a bare array', 'x', /\{ data, shape \}/, () => call(new Float32Array(3))],
  ['x is undefined', 'x', /undefined/, () => call(undefined)],
  ['integer data', 'x', /Int32Array\(4\).*Float32Array/, () => call({ data: new Int32Array(4), shape: [4] })],
  [
    'shape and data disagree',
    'x.shape',
    /24 elements, data has 23/,
    () => call({ data: new Float32Array(23), shape: x.shape }),
  ],
  ['a negative size', 'x.shape', /-1/, () => call({ data: new Float32Array(0), shape: [-1] })],
  ['axis out of range', 'axis', /3 is no axis.*rank 3/, () => call(x, {}, { axis: 3 })],
  ['axis twice', 'axis', /twice/, () => call(x, {}, { axis: [1, -2] })],
  ['axis is no integer', 'axis', /0\.5/, () => call(x, {}, { axis: 0.5 })],
  ['axis and layout', 'axis', /together/, () => call(x, {}, { axis: 1, layout: 'ncl' })],
  ['layout of another rank', 'layout', /4 letters.*rank 3/, () => call(x, {}, { layout: 'nchw' })],
  ['layout without c', 'layout', /0 axes "c"/, () => call(x, {}, { layout: 'nhw' })],
  ['an unknown name in axes', 'axes', /no axis "q"/, () => call(x, {}, { axes: { q: 1 } })],
  ['one axis for two names', 'axes', /two names/, () => call(x, {}, { axes: { n: 1, c: 1 } })],
  ['groups that do not divide', 'g', /3 does not divide the 4/, () => groupNorm.forward(x, {}, { g: 3 })],
  ['zero groups', 'g', /0 is no whole number from 1 up/, () => groupNorm.forward(x, {}, { g: 0 })],
  ['gamma of another size', 'gamma.shape', /\[5\].*Give \[4\]/, () => call(x, { gamma: f32([5]) })],
  ['gamma that is a number', 'gamma', /2/, () => call(x, { gamma: 2 })],
  ['an unknown parameter', 'weight', /no such parameter.*gamma, beta/, () => call(x, { weight: f32([4]) })],
  ['params null', 'params', /null/, () => call(x, null)],
  ['options null', 'options', /null/, () => call(x, {}, null)],
  ['an unknown option', 'eps', /no such option.*epsilon/, () => call(x, {}, { eps: 1e-3 })],
  ['epsilon NaN', 'epsilon', /NaN/, () => call(x, {}, { epsilon: NaN })],
  ['epsilon negative', 'epsilon', /-1/, () => call(x, {}, { epsilon: -1 })],
  ['epsilon a string', 'epsilon', /"1e-3"/, () => call(x, {}, { epsilon: '1e-3' })],
  ['rate above 1', 'rate', /1\.5/, () => dropout.forward(x, {}, { rate: 1.5 })],
  [
    'rate 1 of a Gaussian',
    'rate',
    /1 is no number from 0 to 0\.9/,
    () => gaussianDropout.forward(x, {}, { rate: 1 }),
  ],
  [
    'half a window',
    'before',
    /0\.5 is no whole number/,
    () => localResponseNorm.forward(x, {}, { before: 0.5 }),
  ],
  ['a sign of the clip', 'rMax', /-1 is no number from 1 up/, () => batchRenorm.forward(x, {}, { rMax: -1 })],
  [
    'an option that is no number',
    'beta',
    /"1" is no number\./,
    () => localResponseNorm.forward(x, {}, { beta: '1' as never }),
  ],
  ['with null', 'options', /null/, () => layerNorm.with(null as never)],
  ['with an epsilon below 0', 'epsilon', /-1 is no number from 0 up/, () => layerNorm.with({ epsilon: -1 })],
  ['rate NaN', 'rate', /NaN/, () => dropout.forward(x, {}, { rate: NaN })],
  ['a negative seed', 'seed', /-1/, () => dropout.forward(x, {}, { seed: -1 })],
  ['a mask of another shape', 'mask.shape', /\[5\]/, () => dropout.forward(x, {}, { mask: f32([5]) })],
  ['params for dropout', 'gamma', /no such parameter/, () => dropout.forward(x, { gamma: x } as never)],
  ['inference without a state', 'state', /missing/, () => batchNorm.forward(x, {}, { training: false })],
  ['a state that is none', 'state', /mean/, () => batchNorm.forward(x, {}, { state: {} as never })],
  [
    'a state of another size',
    'state.mean.shape',
    /\[3\].*\[4\]/,
    () => batchNorm.forward(x, {}, { state: batchNorm.initState([2, 3]) }),
  ],
  ['decay above 1', 'decay', /2/, () => batchNorm.forward(x, {}, { decay: 2 })],
  [
    'an unknown variance',
    'variance',
    /"sample"/,
    () => batchNorm.forward(x, {}, { variance: 'sample' as never }),
  ],
  [
    'negative weights',
    'weights',
    /negative/,
    () => batchNorm.forward(x, {}, { weights: { data: new Float32Array(24).fill(-1), shape: x.shape } }),
  ],
  ['BatchNorm of a vector', 'x', /rank 1 is too small/, () => batchNorm.forward(f32([4]))],
  ['a scalar', 'x', /rank 0/, () => call(f32([]))],
  [
    'dy of another shape',
    'dy.shape',
    /\[4\]/,
    () => layerNorm.backward(f32([4]), layerNorm.forward(x).saved),
  ],
  [
    "another variant's saved",
    'saved',
    /not from BatchNorm/,
    () => batchNorm.backward(x, layerNorm.forward(x).saved),
  ],
  ['saved is nothing', 'saved', /not from/, () => layerNorm.backward(x, undefined as never)],
  ['no arrow', 'pattern', /no arrow/, () => parsePattern('n c')],
  ['two arrows', 'pattern', /more than one arrow/, () => parsePattern('n -> c -> n')],
  ['an axis twice', 'pattern', /"n" stands twice before/, () => parsePattern('n n -> n')],
  ['an unknown kept axis', 'pattern', /unknown axis "q"/, () => parsePattern('n c -> q')],
  ['an open bracket', 'pattern', /not closed/, () => parsePattern('n (g k -> n')],
  ['brackets in brackets', 'pattern', /inside/, () => parsePattern('((a b) c) -> a')],
  ['a bracket of one', 'pattern', /fewer than two/, () => parsePattern('n (c) -> n')],
  ['a pattern that is no string', 'pattern', /expected a string/, () => parsePattern(3 as never)],
  ['a rank without a name', 'x', /axis 2 has no name/, () => planOf('n c -> n', [2, 3, 4])],
  [
    'a split of axes apart',
    'axis',
    /not neighbours/,
    () => planOf('n s (g k) -> n g', [2, 3, 4, 6], { axis: [1, 3] }, { g: 2 }),
  ],
  [
    'weights of another shape',
    'weights.shape',
    /\[2\]/,
    () => momentsOf(x, 'n s c -> c', { weights: f32([2]) }),
  ],
  ['a record without cases', 'cases', /none/, () => described(layerNorm, { ...about(), cases: [] })],
  ['a record without a paper', 'paper', /LayerNorm has none/, () => described(layerNorm)],
  [
    'no list of who ships it',
    'ships',
    /expected an object/,
    () => described(layerNorm, { ...about(), ships: [] } as never),
  ],
  ['running that is not kept', 'running', /not kept/, () => norm({ ...layerNorm, running: 'c' })],
  ['no cells and no apply', 'stats', /neither/, () => norm({ ...layerNorm, stats: null })],
  [
    'a kind of variance, where a forward of its own keeps what it keeps',
    'variance',
    /no such option/,
    () => batchRenorm.forward(x, {}, { variance: 'unbiased' } as object),
  ],
]

describe('refused', () => {
  test.each(refused)('%s', (_, argument, message, attempt) => {
    let error: unknown
    try {
      attempt()
    } catch (caught) {
      error = caught
    }
    expect(error).toBeInstanceOf(NormlabError)
    expect((error as NormlabError).argument).toBe(argument)
    expect((error as NormlabError).message).toMatch(message)
    expect((error as NormlabError).message).toMatch(/\. [A-Z]/)
  })
})

describe('a numeric option is refused by name where it is no number or out of its range', () => {
  const shape = [4, 8, 3, 2]
  const hostile = [0, 1, 2, 1000, 1e-3, 0.5, 1.5, -0.5, -1, -1000, NaN, Infinity, -Infinity, '1', true]
  const numeric = variants.flatMap((variant) =>
    Object.entries(variant.options)
      .filter(([, value]) => typeof value === 'number')
      .map(([option]) => ({ name: variant.name, option, variant: variant as unknown as AnyNorm })),
  )
  test.each(numeric)('$name, $option', ({ variant, option }) => {
    // Sizes that fit: what is asked here is the one option.
    const sizes = sizesOfParts(variant, () => 2)
    for (const value of hostile) {
      const options = { axis: 1, ...sizes, [option]: value }
      const attempt = () => {
        const params = Object.keys(variant.params).map((name) => [
          name,
          randomTensor(variant.paramShape(name, shape, options), 3),
        ])
        const { y, saved } = variant.forward(randomTensor(shape, 1), Object.fromEntries(params), options)
        return [y, variant.backward(randomTensor(shape, 2), saved).dx]
      }
      let results: Tensor[]
      try {
        results = attempt()
      } catch (error) {
        if (!(error instanceof NormlabError)) throw error
        expect(error.argument).toBe(option)
        // A size is held against x.
        if (!(option in sizes)) expect(() => variant.with({ [option]: value })).toThrow(error.message)
        continue
      }
      expect(Number.isFinite(value), `${option}: ${value}`).toBe(true)
      const range = variant.ranges?.[option]
      if (!range) continue
      const [least = -Infinity, step, most = Infinity] = range
      const number = value as number
      expect(number >= least && number <= most && (!step || number % step === 0), `${option}: ${value}`).toBe(
        true,
      )
      // Who gives a range says that all of it makes sense.
      for (const { data } of results) expect(data.every(Number.isFinite), `${option}: ${value}`).toBe(true)
    }
  })
})

test('any bad call is refused by our error or answered with an array of the right size', () => {
  const odd = fc.oneof(
    fc.anything(),
    fc.constantFrom(
      x,
      f32([4]),
      f32([0, 4]),
      { axis: 9 },
      { epsilon: 1e-3 },
      { g: 2 },
      { training: false },
      {},
    ),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...variants),
      fc.oneof(odd, fc.constant(x)),
      odd,
      odd,
      (variant, value, params, options) => {
        try {
          const { y } = (variant.forward as unknown as (...args: unknown[]) => { y: typeof x })(
            value,
            params,
            options,
          )
          expect(y.data.length).toBe((value as typeof x).data.length)
        } catch (error) {
          if (!(error instanceof NormlabError)) throw error
        }
      },
    ),
    { seed: 3, numRuns: 100_000 },
  )
})

const functions: Record<string, (...args: never[]) => unknown> = {
  parsePattern,
  planOf,
  momentsOf,
  mergeMoments,
  varianceOf,
  histogramOf,
  randomWords,
  foldBatchNorm,
  foldLayerNorm,
  foldCentering,
  populationState,
  norm,
  with: batchNorm.with,
  plan: groupNorm.plan,
  paramShape: groupNorm.paramShape,
  initState: batchNorm.initState,
  backward: layerNorm.backward,
  draw: dropout.draw,
  noiseBackward: dropout.backward,
}

test.each(Object.entries(functions))('%s refuses what it cannot use, by our error', (_, f) => {
  const some = fc.oneof(
    fc.anything(),
    fc.constantFrom(x, f32([3, 4]), [2, 3], [], 'n c -> c', { axis: 9 }, {}, -1, 2.5, NaN),
  )
  fc.assert(
    fc.property(fc.array(some, { maxLength: 4 }), (args) => {
      // Large and right is not what is tried here: it would fill the memory.
      fc.pre(!/\d{6,}/.test(fc.stringify(args)))
      try {
        f(...(args as never[]))
      } catch (error) {
        if (!(error instanceof NormlabError)) throw error
      }
    }),
    { seed: 5, numRuns: 3000 },
  )
})
