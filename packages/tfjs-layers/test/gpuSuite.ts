/** The kernels of a GPU against core's float64 reference. Values are read asynchronously: on webgpu nothing else is sound. */
import type { AnyNorm, Tensor } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import type { NormLayer } from '../src/index.ts'
import { errorOf, errorOfParam, norms, pull, random, TOLERANCE } from './fixtures.ts'
import type { Layout } from './layouts.ts'
import { configOf, fits, make, randomInputs, randomWeights, stateOf } from './making.ts'

export const plain = norms.filter((record) => !record.apply)

/** Afterwards `dataSync` gives what was read. */
export const read = (...tensors: tf.Tensor[]): Promise<unknown> => Promise.all(tensors.map((t) => t.data()))

interface Case extends Layout {
  readonly values: Readonly<Record<string, unknown>>
}

/** Greatest errors of y and of the gradients, for random x, parameters and dy. */
export async function errorsOf(
  record: AnyNorm,
  { shape, axis, values }: Case,
  training = true,
  x: Tensor = random(shape, 1, 2, 0.5),
  build = (config: object): NormLayer => make(record, config) as NormLayer,
): Promise<Record<string, number>> {
  const dy = random(shape, 2)
  const options = { ...record.options, ...values, axis }
  const inputs = randomInputs(record, shape, options, 30)
  const layer = build(configOf(options))
  const shapes = [x, ...Object.values(inputs)].map((input) => [...input.shape])
  layer.build(shapes.length > 1 ? shapes : shapes[0])
  const weights = { ...randomWeights(layer, 10), ...inputs }
  const given = Object.fromEntries(Object.keys(record.params).map((name) => [name, weights[name]]))
  const state = stateOf(record, weights)
  const { y, saved } = record.forward(x, given, { ...options, ...(state && { state, training }) })
  const want = record.backward(dy, saved)
  const got = pull(layer, x, dy, { training }, inputs)
  await read(got.y, got.dx, ...Object.values(got.byName))
  return {
    y: errorOf(got.y, y),
    dx: errorOf(got.dx, want.dx),
    ...Object.fromEntries(
      Object.keys(given).map((name) => [
        `d${name}`,
        errorOfParam(got.byName[name], dy, (one) => record.backward(one, saved)[`d${name}`]),
      ]),
    ),
  }
}

export function expectSmall(errors: Record<string, number>, what: string, tolerance = TOLERANCE): void {
  for (const [name, error] of Object.entries(errors))
    expect(error, `${what}: ${name}`).toBeLessThanOrEqual(tolerance)
}

/** One test a record: programs are compiled for each layout, and a test costs more than a layout. */
export function gpuSuite(layoutsOf: (record: AnyNorm) => readonly Layout[]): void {
  describe.each(plain.map((record) => [record.name, record] as const))('%s', (_, record) => {
    const [values] = record.cases
    const fitting = layoutsOf(record)
      .map((layout) => ({ ...layout, values }))
      .filter((one) => fits(record, one, one.values))
    test(`forward and gradients equal the float64 reference in ${fitting.length} layouts`, async () => {
      expect(fitting.length).toBeGreaterThan(0)
      for (const one of fitting) expectSmall(await errorsOf(record, one), one.name)
      if (!record.running) return
      for (const one of fitting) expectSmall(await errorsOf(record, one, false), `${one.name}, inference`)
    })
  })
}
