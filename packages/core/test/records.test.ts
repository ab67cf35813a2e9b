/** The one suite over all records: what every normalization gets for free, checked for each. */
import { describe, expect, test } from 'vitest'
import { initialValues } from '../src/initial.ts'
import { product } from '../src/plan.ts'
import { cellIndex, cellOffsets, elementOffsets } from '../src/offsets.ts'
import type { Tensor } from '../src/tensor.ts'
import { checkGradient, greatestError, normals, reference, withinGreatest } from '../src/testing/index.ts'
import { fromFile } from '../src/records/described.ts'
import { records } from '../src/records/index.ts'
import * as exported from '../src/variants/index.ts'
import { norm } from '../src/norm.ts'
import { plainNorm } from '../src/plain.ts'
import { recordOf } from '../src/record.ts'
import type { NormDefinition } from '../src/variant.ts'
import { layerNorm } from '../src/variants/layerNorm.ts'
import { bothPrecisions, norms, planIfFits, randomParams, randomTensor, type Options } from './fixtures.ts'
import { layoutsFor } from './layouts.ts'

const GRADIENT = 2e-8
const FORWARD = 2e-7
const BACKWARD = 5e-7
const MOMENTS = 1e-9
const INVARIANCE = 1e-9

test('each record is exported under its name in camel case, and named once', () => {
  const named = Object.entries(exported).filter(([key]) => key !== 'variants')
  for (const [key, record] of named)
    expect(key.toLowerCase()).toBe(
      (record as { name: string }).name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''),
    )
  expect(new Set(exported.variants.map((v) => v.name)).size).toBe(exported.variants.length)
  expect(exported.variants.length).toBe(named.length)
})

describe.each(Object.values(records).map((v) => [v.name, v] as const))('%s: record', (_, variant) => {
  test('carries paper, formula, options and cases', () => {
    expect(variant.paper.url).toMatch(/^https:\/\//)
    expect(variant.paper.year).toBeGreaterThan(1900)
    expect(variant.paper.title).not.toBe('')
    expect(variant.formula).toMatch(/=/)
    expect(variant.cases.length).toBeGreaterThan(0)
    // A saved model writes names in snake case and reads them in camel case: others do not come back.
    for (const name of [...Object.keys(variant.options), ...Object.keys(variant.params)])
      expect(name).toMatch(/^[a-z]+([A-Z][a-z]+)*$/)
    for (const entry of variant.cases)
      for (const name of Object.keys(entry)) expect(Object.keys(variant.options)).toContain(name)
  })
})

test('what a file knows of its variant stands in its `about`, or in the definition itself', () => {
  const { paper } = records.layerNorm
  const apart = {
    mine: norm({ name: 'Mine', stats: 'n c -> n' }),
    about: () => ({ paper, cases: [{ epsilon: 1 }] }),
  }
  const inside = { mine: norm({ name: 'Mine', stats: 'n c -> n', paper, cases: [{ epsilon: 1 }] }) }
  for (const file of [apart, inside]) {
    const { cases, ships, formula, ...rest } = fromFile(file, 'mine')
    expect([rest.paper, cases, ships]).toEqual([paper, [{ epsilon: 1 }], {}])
    expect(formula).toBe(String.raw`y_{nc} = \frac{x_{nc} - \mu_{n}}{\sqrt{\sigma_{n}^2 + \epsilon}}`)
    expect(rest.forward({ data: Float32Array.of(1, 3), shape: [1, 2] }).y.data[1]).toBeCloseTo(1, 4)
  }
})

test('a plain norm derives nothing: its record is whole, and its fields are those that it runs', () => {
  for (const variant of norms) {
    const made = ['kind', 'forward', 'backward', 'with', 'plan', 'paramShape', 'initState']
    const fields = Object.entries(variant).filter(([name]) => !made.includes(name))
    const record = Object.fromEntries(fields) as unknown as NormDefinition
    expect(recordOf(record), variant.name).toEqual(record)
  }
  // @ts-expect-error -- Running statistics are not the work of a plain norm.
  plainNorm({ ...layerNorm, running: 'c' })
})

describe.each(norms.map((v) => [v.name, v] as const))('%s', (_, variant) => {
  const tried = layoutsFor(variant.stats).flatMap((layout) =>
    variant.cases.flatMap((values, i) => {
      const options: Options = { ...values, ...layout.binding }
      const plan = planIfFits(variant, layout.shape, options)
      return plan ? [{ name: `${layout.name}, case ${i}`, shape: layout.shape, options, plan }] : []
    }),
  )

  test('fits layouts of rank 2 to 6, channels first and last', () => {
    const names = tried.map(({ name }) => name)
    for (const layout of layoutsFor(variant.stats).filter(
      ({ name }) => /last$|first$/.test(name) && !name.startsWith('batch'),
    ))
      expect(
        names.some((name) => name.startsWith(layout.name)),
        layout.name,
      ).toBe(true)
  })

  describe.each(tried.map((entry) => [entry.name, entry] as const))(
    '%s',
    (_name, { shape, options, plan }) => {
      const x = randomTensor(shape, 11, 1.5, 0.3)
      const params = randomParams(variant, shape, options, 21)
      const dy = randomTensor(shape, 31)

      test('gradient = finite differences', () => {
        expect(checkGradient(variant, { x, params, options }).error).toBeLessThan(GRADIENT)
        if (variant.running) {
          const { shape: kept } = variant.initState(shape, options).mean
          const state = { mean: randomTensor(kept, 5), variance: randomTensor(kept, 6, 0.1, 2), count: 3 }
          expect(
            checkGradient(variant, { x, params, options: { ...options, training: false, state } }).error,
          ).toBeLessThan(GRADIENT)
        }
      })

      test('float64 = reference, in training and at inference', () => {
        const exact = reference(variant)
        const calls = [options]
        if (variant.running) {
          const { shape: kept } = variant.initState(shape, options).mean
          const state = { mean: randomTensor(kept, 5), variance: randomTensor(kept, 6, 0.1, 2), count: 3 }
          calls.push({ ...options, state }, { ...options, training: false, state } as never)
        }
        for (const given of calls) {
          const [got, want] = [variant, exact].map((by) => {
            const { y, saved, state } = by.forward(x, params, given)
            const { dstate, ...gradients } = by.backward(dy, saved) as Record<string, Tensor> & {
              dstate?: object
            }
            return {
              y,
              ...gradients,
              ...(state && { mean: state.mean, variance: state.variance }),
              ...dstate,
            }
          }) as Record<string, Tensor>[]
          expect(Object.keys(got)).toEqual(Object.keys(want))
          for (const [name, { data }] of Object.entries(want).filter(([, value]) => value !== undefined)) {
            const near = withinGreatest(got[name].data, data, 1e-12, 1e-12)
            expect(near, `${name} ${greatestError(got[name].data, data)}`).toBe(true)
          }
        }
      })

      test('kernel = reference', () => {
        const rounded = bothPrecisions(x)
        const laid = Object.fromEntries(
          Object.entries(params).map(([name, value]) => [name, bothPrecisions(value)]),
        )
        const pick = (which: 'single' | 'double') =>
          Object.fromEntries(Object.entries(laid).map(([name, pair]) => [name, pair[which]]))
        const exact = reference(variant)
        const fast = variant.forward(rounded.single, pick('single'), options)
        const slow = exact.forward(rounded.double, pick('double'), options)
        expect(fast.y.data).toBeInstanceOf(Float32Array)
        expect(greatestError(fast.y.data, slow.y.data)).toBeLessThan(FORWARD)
        const up = bothPrecisions(dy)
        const fastGradients = variant.backward(up.single, fast.saved)
        const slowGradients = exact.backward(up.double, slow.saved)
        expect(Object.keys(fastGradients).toSorted()).toEqual(
          ['dx', ...Object.keys(params).map((name) => `d${name}`)].toSorted(),
        )
        for (const [name, gradient] of Object.entries(slowGradients)) {
          expect(fastGradients[name].shape, name).toEqual(gradient.shape)
          // A cell of one value has dx = 0 exactly; rounding leaves the size of one rounding of dy.
          const floor = Math.max(...dy.data.map(Math.abs)) * 1e-6
          const error = greatestError(fastGradients[name].data, gradient.data)
          const tiny =
            gradient.data.every((value) => Math.abs(value) < floor) &&
            fastGradients[name].data.every((value) => Math.abs(value) < floor)
          expect(tiny || error < BACKWARD, `${name}: ${error}`).toBe(true)
        }
      })

      if (variant.stats !== null)
        test('gradient locality: dy in one cell moves dx in that cell alone', () => {
          const index = cellIndex(plan)
          const { saved } = variant.forward(x, params, options)
          const cell = Math.floor(plan.cells / 2)
          const one = {
            data: Float64Array.from(dy.data, (value, i) => (index[i] === cell ? value : 0)),
            shape,
          }
          const { dx } = variant.backward(one, saved)
          expect(dx.data.every((value, i) => index[i] === cell || value === 0)).toBe(true)
          // And each element of the cell reaches each other one: the cell is not larger than what shares the statistics.
          if (plan.count > 2 && variant.scale !== 'none' && !variant.apply) {
            const at = elementOffsets(plan)
            const single = { data: new Float64Array(plan.size), shape }
            single.data[cellOffsets(plan)[cell] + at[0]] = 1
            const reached = variant.backward(single, saved).dx.data
            expect(index.every((c, i) => c !== cell || reached[i] !== 0)).toBe(true)
          }
        })

      if (variant.stats !== null)
        test('moments of each cell', () => {
          const exact = 'epsilon' in variant.options ? { ...options, epsilon: 0 } : options
          const { y } = variant.forward(x, {}, exact)
          const at = elementOffsets(plan)
          let worst = 0
          for (const origin of cellOffsets(plan)) {
            const values = Array.from(at, (offset) => y.data[origin + offset])
            const mean = values.reduce((a, b) => a + b, 0) / values.length
            const square = values.reduce((a, b) => a + b * b, 0) / values.length
            const variance = square - mean * mean
            const scaled = { std: variance, rms: square, l2: square * values.length, none: 1 }[variant.scale]
            const vanishes =
              plan.count === 1 && variant.scale !== 'none' && (variant.center || variant.scale === 'std')
            const expected = vanishes ? 0 : 1
            worst = Math.max(worst, variant.center ? Math.abs(mean) : 0, Math.abs(scaled - expected))
          }
          expect(worst).toBeLessThan(MOMENTS)
        })

      if (variant.stats !== null)
        test('shift and scale invariance', () => {
          const exact = 'epsilon' in variant.options ? { ...options, epsilon: 0 } : options
          const index = cellIndex(plan)
          const shifts = normals(plan.cells, 41)
          const moved = (f: (value: number, cell: number) => number): Tensor => ({
            data: Float64Array.from(x.data, (value, i) => f(value, index[i])),
            shape,
          })
          const { y } = variant.forward(x, params, exact)
          const shifted = variant.forward(
            moved((value, cell) => value + shifts[cell]),
            params,
            exact,
          ).y
          if (variant.center) expect(greatestError(shifted.data, y.data)).toBeLessThan(INVARIANCE)
          else if (!variant.apply)
            expect(plan.count === 1 || greatestError(shifted.data, y.data) > 1e-3).toBe(true)
          if (plan.count === 1) return
          const scaled = variant.forward(
            moved((value, cell) => value * (1 + Math.abs(shifts[cell]))),
            params,
            exact,
          ).y
          if (variant.scale === 'none' && variant.apply) return
          if (variant.scale === 'none') expect(greatestError(scaled.data, y.data)).toBeGreaterThan(1e-3)
          else expect(greatestError(scaled.data, y.data)).toBeLessThan(INVARIANCE)
        })

      test('parameters at their initial values change nothing', () => {
        const initial = Object.fromEntries(
          Object.entries(variant.params).map(([name, param]) => {
            const size = variant.paramShape(name, shape, options)
            return [name, { data: initialValues(param, product(size)), shape: size }]
          }),
        )
        expect(variant.forward(x, initial, options).y.data).toEqual(variant.forward(x, {}, options).y.data)
      })

      test('nothing is mutated, and the same call gives the same answer', () => {
        const copies = () => [x, ...Object.values(params)].map(({ data }) => data.slice())
        const before = copies()
        const first = variant.forward(x, params, options)
        variant.backward(dy, first.saved)
        expect(variant.forward(x, params, options).y.data).toEqual(first.y.data)
        expect(copies()).toEqual(before)
      })
    },
  )
})
