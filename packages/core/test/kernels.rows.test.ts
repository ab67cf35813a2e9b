/** Rows that are cells go through their kernel two at a time: what stands beside a row must not show in its result. */
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { layerNorm, rmsNorm } from '../src/index.ts'
import type { AnyNorm } from '../src/normTypes.ts'
import type { Tensor } from '../src/tensor.ts'
import { greatestError, normals, reference, useKernels } from '../src/testing/index.ts'

afterEach(() => void useKernels('auto'))

/** Scale and offset of a row: plain ones, those that need a shift, and those that float32 cannot sum. */
const KINDS = [
  [1, 0],
  [1, 5],
  [1e-2, 1e3],
  [0, 3.7],
  [0, 0],
  [1e18, 0],
  [1e30, 1e31],
  [1e-30, 0],
] as const
const kinds = fc.array(fc.nat(KINDS.length - 1), { minLength: 1, maxLength: 9 })
const length = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(64, 100, 256, 272, 516))
const EPSILON = { epsilon: 1e-5 }

const rowsOf = (of: readonly number[], n: number, seed: number): Tensor => {
  const data = Float32Array.from(normals(of.length * n, seed), (value, i) => {
    const [scale, offset] = KINDS[of[Math.floor(i / n)]]
    return value * scale + offset
  })
  return { data, shape: [of.length, n] }
}
const paramsOf = (variant: AnyNorm, n: number) =>
  Object.fromEntries(
    Object.keys(variant.params).map((name, i) => [
      name,
      { data: Float32Array.from(normals(n, 7 + i)), shape: [n] },
    ]),
  )
const row = ({ data }: Tensor, i: number, n: number): Tensor => ({
  data: data.slice(i * n, (i + 1) * n) as Float32Array,
  shape: [1, n],
})

describe.each([layerNorm, rmsNorm] as unknown as AnyNorm[])('$name', (variant) => {
  test.each(['simd', 'relaxed'] as const)('%s: a row alone gives the same bits', (mode) => {
    if (!useKernels(mode)) return expect(mode).toBe('relaxed')
    fc.assert(
      fc.property(kinds, length, fc.nat(1000), (of, n, seed) => {
        const x = rowsOf(of, n, seed)
        const params = paramsOf(variant, n)
        const { y, saved } = variant.forward(x, params, EPSILON)
        of.forEach((_, i) => {
          const alone = variant.forward(row(x, i, n), params, EPSILON)
          expect(alone.y.data).toEqual(row(y, i, n).data)
          for (const name of ['mean', 'variance', 'rstd'] as const)
            expect(alone.saved[name]![0]).toBe(saved[name]![i])
        })
      }),
      { seed: 11, numRuns: 150 },
    )
  })

  test('without gamma and beta it is as with 1 and 0, to the bit', () => {
    fc.assert(
      fc.property(kinds, length, fc.nat(1000), (of, n, seed) => {
        const x = rowsOf(of, n, seed)
        const dy = { ...x, data: Float32Array.from(normals(of.length * n, seed + 1)) }
        const plain = Object.fromEntries(
          Object.keys(variant.params).map((name) => [
            name,
            { data: new Float32Array(n).fill(name === 'gamma' ? 1 : 0), shape: [n] },
          ]),
        )
        const [got, want] = [{}, plain].map((params) => variant.forward(x, params, EPSILON))
        expect(got.y.data).toEqual(want.y.data)
        expect(variant.backward(dy, got.saved).dx.data).toEqual(variant.backward(dy, want.saved).dx.data)
      }),
      { seed: 13, numRuns: 100 },
    )
  })

  test('backward: every row is right beside any other, also the last of an odd number', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(2), { minLength: 1, maxLength: 9 }),
        length,
        fc.nat(1000),
        (of, n, seed) => {
          const x = rowsOf(of, n, seed)
          const dy = rowsOf(
            of.map(() => 0),
            n,
            seed + 1,
          )
          const params = paramsOf(variant, n)
          const got = variant.backward(dy, variant.forward(x, params, EPSILON).saved)
          const double = ({ data, shape }: Tensor): Tensor => ({ data: Float64Array.from(data), shape })
          const exact = reference(variant)
          const doubles = Object.fromEntries(Object.entries(params).map(([name, t]) => [name, double(t)]))
          const want = exact.backward(double(dy), exact.forward(double(x), doubles, EPSILON).saved)
          of.forEach((_, i) => {
            const [a, b] = [row(got.dx, i, n).data, want.dx.data.slice(i * n, (i + 1) * n)]
            // Of a few elements the gradient is what cancellation leaves of values of rstd's size.
            const size = Math.max(...Array.from(b, Math.abs), n < 3 ? 100 : 0)
            b.forEach((value, j) => expect(Math.abs(a[j] - value)).toBeLessThan(2e-6 * size))
          })
          for (const name of Object.keys(params))
            expect(greatestError(got[`d${name}`].data, want[`d${name}`].data)).toBeLessThan(2e-6)
        },
      ),
      { seed: 12, numRuns: 150 },
    )
  })
})
