/** Layers of records, with the weights and inputs that a comparison with core needs. */
import { parsePattern, type AnyNorm, type Noise, type Tensor } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { layers, NormlabError, type NoiseLayer, type NormLayer } from '../src/index.ts'
import { factoryName, layerName } from '../src/names.ts'
import { random, toTf, weightName } from './fixtures.ts'

export type Made = NormLayer | NoiseLayer
export const make = (record: { name: string }, config: object = {}): Made => {
  const factory = (layers as unknown as Record<string, (config: object) => Made>)[
    factoryName(layerName(record.name))
  ]
  return factory(config)
}

/** The config of a layer for core's options: its names, and none of its defaults. */
export const configOf = (options: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const { g, decay, ...rest } = options
  return {
    ...rest,
    ...(g === undefined ? {} : { groups: g }),
    ...(decay === undefined ? {} : { momentum: decay }),
  }
}

/** A layer's options under core's names. */
export const configToCore = (layer: NormLayer): Record<string, unknown> => {
  const { groups, momentum, ...rest } = layer.options
  return {
    ...rest,
    ...(groups === undefined ? {} : { g: groups }),
    ...(momentum === undefined ? {} : { decay: momentum }),
  }
}

/** A config under which every record fits an even batch and 12 features, or other multiples of `groups`. */
export const small = (record: AnyNorm | Noise, groups = 3): Record<string, unknown> => {
  const pattern = record.kind === 'noise' ? record.mask : record.stats
  const axes = pattern ? parsePattern(pattern).axes : []
  const parts = axes.flatMap(({ name, parts: of }) => of.map((part) => [part, name === 'n' ? 2 : groups]))
  return configOf(Object.fromEntries(parts.filter(([part]) => part in record.options)))
}

/** False where the pattern does not fit the shape, such as a split of axes that are not neighbours. */
export function fits(
  record: AnyNorm | Noise,
  { shape, axis }: { readonly shape: readonly number[]; readonly axis: unknown },
  values: object,
): boolean {
  try {
    return record.plan(shape, { ...values, axis } as never).size > 0
  } catch (error) {
    if (error instanceof NormlabError) return false
    throw error
  }
}

/** True where a layer takes `axis`. */
export const takesAxis = (layer: Made): boolean => layer.getConfig().axis !== undefined

const positive = ({ data, shape }: Tensor): Tensor => ({
  data: Float64Array.from(data, (value) => Math.fround(Math.abs(value) + 0.5)),
  shape,
})

/** Random values about the initial ones, set in the layer and returned by name. */
export function randomWeights(layer: Made, seed: number): Record<string, Tensor> {
  const values = layer.weights.map(({ originalName, shape }, i) => {
    const name = weightName(originalName)
    const value = random(shape as number[], seed + i, 0.5, Number(layer.record.params[name]?.init ?? 1))
    return name === 'moving_variance' ? positive(random(shape as number[], seed + i)) : value
  })
  const tensors = values.map(toTf)
  layer.setWeights(tensors)
  tf.dispose(tensors)
  return Object.fromEntries(layer.weights.map(({ originalName }, i) => [weightName(originalName), values[i]]))
}

/** Random values for the parameters that are other inputs of the layer, by name and in order. */
export function randomInputs(
  record: AnyNorm | Noise,
  shape: readonly number[],
  options: Readonly<Record<string, unknown>>,
  seed: number,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(record.params)
      .filter(([, { from }]) => from === 'input')
      .map(([name, { init }], i) => [
        name,
        random((record as AnyNorm).paramShape(name, shape, options), seed + i, 0.5, Number(init)),
      ]),
  )
}

/** The state in a layer's weights, as core has it; undefined where the record keeps none. */
export function stateOf(record: AnyNorm, values: Record<string, Tensor>): object | undefined {
  if (record.running) return { mean: values.moving_mean, variance: values.moving_variance, count: 0 }
  if (!record.state) return undefined
  return { ...Object.fromEntries(Object.keys(record.state).map((name) => [name, values[name]])), count: 0 }
}
