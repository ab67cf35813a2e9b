/** Random shapes, bindings, groups, options and parameters: the float32 kernels against the float64 reference. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Tensor } from '../src/tensor.ts'
import { greatestError, normals, reference, withinGreatest } from '../src/testing/index.ts'
import { bothPrecisions, norms, planIfFits, randomParams, randomTensor, sizesOfParts } from './fixtures.ts'

const call = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
  at: fc.nat(5),
  g: fc.integer({ min: 1, max: 4 }),
  k: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(1e6),
  epsilon: fc.constantFrom(1e-3, 1e-5, 1e-8),
  offset: fc.constantFrom(0, 0, 10, -1000),
  given: fc.boolean(),
  masked: fc.boolean(),
})

describe.each(norms.map((v) => [v.name, v] as const))('%s', (_, variant) => {
  test('kernel = reference on random calls', () => {
    let tried = 0
    fc.assert(
      fc.property(call, ({ sizes, at, g, k, seed, epsilon, offset, given, masked }) => {
        const axis = at % (sizes.length + 1)
        const shape = [...sizes.slice(0, axis), g * k, ...sizes.slice(axis)]
        const options: Record<string, unknown> = {
          axis,
          ...('epsilon' in variant.options ? { epsilon } : {}),
          ...sizesOfParts(variant, (whole) => (whole === 'n' ? 1 : g)),
        }
        const plan = planIfFits(variant, shape, options)
        if (!plan) return
        tried++
        const x = bothPrecisions(randomTensor(shape, seed, 1, offset))
        const params = randomParams(variant, shape, options, seed + 1)
        const chosen = Object.fromEntries(Object.entries(params).filter((_entry, i) => given || i === 0))
        if (variant.weights && masked)
          options.weights = {
            data: normals(plan.size, seed + 2).map((v) => (v > -0.5 ? Math.abs(v) : 0)),
            shape,
          }
        const pick = (which: 'single' | 'double') =>
          Object.fromEntries(
            Object.entries(chosen).map(([name, value]) => [name, bothPrecisions(value)[which]]),
          )
        const fast = variant.forward(x.single, pick('single'), options)
        const exact = reference(variant)
        const slow = exact.forward(x.double, pick('double'), options)
        expect(withinGreatest(fast.y.data, slow.y.data, 3e-7, 1e-7)).toBe(true)
        const dy = bothPrecisions(randomTensor(shape, seed + 3))
        const got: Record<string, Tensor> = variant.backward(dy.single, fast.saved)
        const want: Record<string, Tensor> = exact.backward(dy.double, slow.saved)
        // The greatest term that dx sums is rstd dy: where the terms cancel, the error is relative to that.
        const rstd = Math.max(1, ...(fast.saved.rstd ?? []))
        for (const name of Object.keys(want)) {
          // A parameter's gradient sums many terms of either sign.
          const terms = name === 'dx' ? 1 : Math.sqrt(dy.single.data.length / got[name].data.length)
          expect(
            withinGreatest(got[name].data, want[name].data, 5e-7, 1e-6 * rstd * terms),
            `${name} ${greatestError(got[name].data, want[name].data)}`,
          ).toBe(true)
        }
      }),
      { seed: 7, numRuns: 60 },
    )
    expect(tried).toBeGreaterThan(25)
  })
})
