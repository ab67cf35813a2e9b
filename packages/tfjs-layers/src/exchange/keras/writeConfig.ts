/** Configs of layers here as those of Keras 3. */
import { NormLayer } from '../../layer.ts'
import { PACKAGE } from '../../names.ts'
import { NoiseLayer } from '../../noiseLayer.ts'
import { isObject, snake, type Config, type KerasObject, type Layer } from '../json.ts'
import { OLD_HARD_SIGMOID, writeActivation } from './activations.ts'
import { kinds } from './kinds.ts'
import type { Warn } from './readers.ts'
import { oursToKeras, same, stockToKeras, without, type Fields } from './writers.ts'

const POLICY = {
  module: 'keras',
  class_name: 'DTypePolicy',
  config: { name: 'float32' },
  registered_name: null,
}
const IGNORED = ['batchInputShape', 'inputDType', 'dtype', 'implementation', 'inputLength', 'step']

export interface Written {
  readonly object: KerasObject
  /** Name of the class that says where its variables lie. */
  readonly className: string
}

/** A layer that is no model. @param children the written objects of `layer`, `cell` and `cells`. */
export function writeConfig(layer: Layer, children: Config, warn: Warn): Written {
  const given = layer.getClassName()
  const ours = given.startsWith(`${PACKAGE}>`) ? given.slice(PACKAGE.length + 1) : undefined
  const config = { ...layer.getConfig(), ...children } as Config
  const writer =
    ours === undefined ? stockToKeras[given] : (oursToKeras[ours] ?? (ours in kinds ? same(ours) : undefined))
  const known = writer?.(config, layer as Fields)
  if (!known) {
    warn(
      `${layer.name} is a ${given}, which Keras has not: it opens the file once a class is registered under that name`,
    )
    return { className: ours ?? given, object: custom(given, ours ?? given, without(config, 'dtype')) }
  }
  if (config.variance === 'unbiased')
    warn(`${layer.name} keeps unbiased variances: Keras keeps biased ones when it trains on`)
  const { className } = known
  return { className, object: stockObject(className, snakeConfig(without(known.config, ...IGNORED))) }
}

const stockObject = (className: string, config: Config): KerasObject => ({
  module: 'keras.layers',
  class_name: className,
  config: { ...config, dtype: POLICY },
  registered_name: null,
})

function custom(registered: string, className: string, config: Config): KerasObject {
  const entries = Object.entries(config).map(([key, value]): [string, unknown] => {
    const nested = isObject(value) && typeof value.className === 'string'
    return [snake(key), nested ? { class_name: value.className, config: value.config } : value]
  })
  return {
    module: null,
    class_name: className,
    config: Object.fromEntries(entries),
    registered_name: registered,
  }
}

/** Camel case to snake case, and objects to Keras's form. */
function snakeConfig(config: Config): Config {
  const entries = Object.entries(config).map(([key, value]): [string, unknown] => {
    if (/activation$/i.test(key)) return [snake(key), keptActivation(value as string)]
    const kind = /(Initializer|Regularizer|Constraint)$/.exec(key)?.[1]
    if (kind) return [snake(key), writeObject(value, `keras.${kind.toLowerCase()}s`)]
    if (key === 'dataFormat' && typeof value === 'string') return [snake(key), snake(value)]
    return [snake(key), value]
  })
  return Object.fromEntries(entries)
}

/** TensorFlow.js's hard sigmoid is Keras's of 1.2 x; the weights before it are written 1.2 times as great. */
const keptActivation = (name: string): string => {
  const written = writeActivation(name)
  return written === OLD_HARD_SIGMOID ? 'hard_sigmoid' : written
}

function writeObject(given: unknown, module: string): unknown {
  if (!isObject(given)) return null
  const { className, config } = given as { className: string; config: Config }
  const own = Object.fromEntries(
    Object.entries(config ?? {}).map(([key, value]) => [
      snake(key),
      typeof value === 'string' ? snake(value) : value,
    ]),
  )
  // TensorFlow.js draws its normal distributions truncated here.
  if (own.distribution === 'normal') own.distribution = 'truncated_normal'
  return { module, class_name: className, config: own, registered_name: null }
}

/** An activation layer of TensorFlow.js's hard sigmoid: two layers of Keras in a model of the layer's name. */
export function oldHardSigmoid(layer: Layer): Written | undefined {
  const config = layer.getConfig() as Config
  if (layer.getClassName() !== 'Activation' || config.activation !== 'hardSigmoid') return undefined
  const shape = (layer.inboundNodes[0]?.inputShapes[0] ?? [null]) as (number | null)[]
  const named = (className: string, name: string, more: Config) =>
    stockObject(className, { name: `${layer.name}_${name}`, ...more })
  const list = [
    inputObject(`${layer.name}_input`, shape, 'float32'),
    named('Rescaling', 'rescaling', { scale: 1.2, offset: 0 }),
    named('Activation', 'activation', { activation: 'hard_sigmoid' }),
  ]
  return { className: 'Sequential', object: sequentialObject(layer.name, list, shape) }
}

export const inputObject = (name: string, shape: readonly (number | null)[], dtype: string): KerasObject => ({
  module: 'keras.layers',
  class_name: 'InputLayer',
  config: { batch_shape: [...shape], dtype, sparse: false, ragged: false, name, optional: false },
  registered_name: null,
})

export const sequentialObject = (
  name: string,
  layers: readonly KerasObject[],
  shape: readonly (number | null)[],
): KerasObject => ({
  module: 'keras',
  class_name: 'Sequential',
  config: { name, trainable: true, dtype: POLICY, layers, build_input_shape: [...shape] },
  registered_name: null,
  build_config: { input_shape: [...shape] },
})

export const isNoise = (layer: Layer): boolean =>
  layer instanceof NoiseLayer ||
  /^(Spatial|Gaussian|Alpha)?Dropout(1D)?$|^GaussianNoise$/.test(layer.getClassName())
export const isNorm = (layer: Layer): layer is NormLayer => layer instanceof NormLayer
