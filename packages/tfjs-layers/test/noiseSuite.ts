/** Every noise record: draws, forward, gradients and inference as core's. */
import type { Noise } from '@normlab/core'
import { describe, expect, test } from 'vitest'
import type { NoiseLayer } from '../src/index.ts'
import { errorOf, errorOfParam, noises, pull, random, TOLERANCE } from './fixtures.ts'
import type { Extent } from './layouts.ts'
import { configOf, fits, make, randomInputs, takesAxis } from './making.ts'

export function noiseSuite(extent: (record: Noise) => Extent): void {
  describe.each(noises.map((record) => [record.name, record] as const))('%s', (_, record) => {
    const { layouts, cases, ownStream } = extent(record)
    if (ownStream) {
      test('is not compared with core: the backend draws from a stream of its own', () =>
        expect(record.apply).toBeUndefined())
      return
    }
    const tried = layouts.flatMap((layout) =>
      record.cases
        .filter((values) => !takesAxis(make(record)) || fits(record, layout, values))
        .slice(0, cases)
        .map((values) => ({ ...layout, values, name: `${layout.name} ${JSON.stringify(values)}` })),
    )
    test.each(tried)('two steps and inference equal core: $name', ({ shape, axis, values }) => {
      const bound = takesAxis(make(record)) ? { axis } : {}
      const layer = make(record, { ...configOf(values), ...bound, seed: 5 }) as NoiseLayer
      const options = { ...values, ...bound, seed: 5 }
      const inputs = randomInputs(record, shape, options, 30)
      const [x, dy] = [random(shape, 1, 2, 0.5), random(shape, 2)]
      const shapes = [x, ...Object.values(inputs)].map((input) => [...input.shape])
      layer.build(shapes.length > 1 ? shapes : shapes[0])
      // Weights stay at their initial values: a rate that is learned must stay one.
      const names = Object.keys(record.params)
      const weights = Object.fromEntries(
        layer.weights.map((weight, i) => [
          names.filter((name) => !(name in inputs))[i],
          { data: Float64Array.from(weight.read().dataSync()), shape: weight.shape as number[] },
        ]),
      )
      const check = (more: { step?: number; training?: boolean }) => {
        const { y, saved } = record.forward(x, { ...weights, ...inputs }, { ...options, ...more })
        const want = record.backward(dy, saved)
        const got = pull(layer, x, dy, { training: more.training !== false }, inputs)
        expect(errorOf(got.y, y), 'y').toBeLessThanOrEqual(TOLERANCE)
        expect(errorOf(got.dx, want.dx), 'dx').toBeLessThanOrEqual(TOLERANCE)
        for (const name of names)
          if (got.byName[name])
            expect(
              errorOfParam(got.byName[name], dy, (one) => record.backward(one, saved)[`d${name}`]),
              `d${name}`,
            ).toBeLessThanOrEqual(TOLERANCE)
        return got.byName
      }
      expect(Object.keys(check({ step: 0 })).toSorted()).toEqual(names.toSorted())
      check({ step: 1 })
      check({ training: false })
      expect(layer.step).toBe(2)
    })
  })
}
