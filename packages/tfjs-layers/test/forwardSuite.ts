/** Forward and gradients of every normalization against core's float64 reference. */
import type { AnyNorm } from '@normlab/core'
import { describe, expect, test } from 'vitest'
import type { NormLayer } from '../src/index.ts'
import { errorOf, errorOfParam, norms, pull, random, TOLERANCE } from './fixtures.ts'
import type { Extent } from './layouts.ts'
import { configOf, configToCore, fits, make, randomInputs, randomWeights, small, stateOf } from './making.ts'

export function forwardSuite(extent: (record: AnyNorm) => Extent): void {
  describe.each(norms.map((record) => [record.name, record] as const))('%s', (_, record) => {
    const { layouts, cases, steps } = extent(record)
    const fitting = layouts.flatMap((layout) =>
      record.cases
        .filter((values) => fits(record, layout, values))
        .slice(0, cases)
        .map((values) => ({ ...layout, values, name: `${layout.name} ${JSON.stringify(values)}` })),
    )
    test('fits most layouts', () =>
      expect(fitting.length).toBeGreaterThanOrEqual(Math.max(1, layouts.length - 2)))

    test.each(fitting)(
      'forward and gradients equal the float64 reference: $name',
      ({ shape, axis, values }) => {
        const x = random(shape, 1, 2, 0.5)
        const dy = random(shape, 2)
        const options = { ...record.options, ...values, axis }
        const inputs = randomInputs(record, shape, options, 30)
        const layer = make(record, configOf(options)) as NormLayer
        const shapes = [x, ...Object.values(inputs)].map((input) => [...input.shape])
        layer.build(shapes.length > 1 ? shapes : shapes[0])
        const weights = { ...randomWeights(layer, 10), ...inputs }
        const given = Object.fromEntries(Object.keys(record.params).map((name) => [name, weights[name]]))
        const state = stateOf(record, weights)
        const { y, saved } = record.forward(x, given, { ...options, ...(state && { state }) })
        const want = record.backward(dy, saved)
        const got = pull(layer, x, dy, { training: true }, inputs)
        expect(errorOf(got.y, y), 'y').toBeLessThanOrEqual(TOLERANCE)
        expect(errorOf(got.dx, want.dx), 'dx').toBeLessThanOrEqual(TOLERANCE)
        for (const name of Object.keys(given)) {
          const error = errorOfParam(got.byName[name], dy, (one) => record.backward(one, saved)[`d${name}`])
          expect(error, `d${name}`).toBeLessThanOrEqual(TOLERANCE)
        }
      },
    )

    // Flags leave parameters out; those of inputs and of forwards of their own have none.
    const flags = record.apply
      ? []
      : (['gamma', 'beta'] as const).filter((name) => record.params[name] && !record.params[name].from)
    const subsets = [['gamma'], ['beta'], ['gamma', 'beta']].filter((off) =>
      off.every((name) => (flags as string[]).includes(name)),
    )
    if (steps > 0 && subsets.length > 0)
      test.each(subsets.map((off) => ({ off })))('trains without $off', ({ off }) => {
        const x = random([4, 4, 12], 3)
        const dy = random([4, 4, 12], 4)
        const config = Object.fromEntries(off.map((name) => [name === 'gamma' ? 'scale' : 'center', false]))
        const layer = make(record, { ...small(record), ...config }) as NormLayer
        layer.build([...x.shape])
        const got = pull(layer, x, dy)
        expect(Object.keys(got.byName)).toEqual(
          Object.keys(record.params).filter((name) => !off.includes(name)),
        )
        const { y, saved } = record.forward(x, {}, { ...configToCore(layer), axis: -1 })
        expect(errorOf(got.y, y), 'y').toBeLessThanOrEqual(TOLERANCE)
        expect(errorOf(got.dx, record.backward(dy, saved).dx), 'dx').toBeLessThanOrEqual(TOLERANCE)
      })
    test('has flags for no other parameters', () => {
      const config: object = make(record).getConfig()
      expect('scale' in config, 'scale').toBe((flags as string[]).includes('gamma'))
      expect('center' in config, 'center').toBe((flags as string[]).includes('beta'))
    })
  })
}
