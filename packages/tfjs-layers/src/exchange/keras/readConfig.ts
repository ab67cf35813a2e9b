/** Configs of Keras 3's layers as those of layers here. */
import { serialization } from '@tensorflow/tfjs-core'
import { NormlabError, show } from '../../errors.ts'
import { PACKAGE } from '../../names.ts'
import { camel, isKerasObject, type Config, type KerasObject, type Layer } from '../json.ts'
import { readActivation } from './activations.ts'
import { knownClasses, readers, type Read, type Warn } from './readers.ts'

/** Of no account here: precision is float32, and quantized weights are refused where they are read. */
const IGNORED = [
  'backward_layer',
  'dtype',
  'quantization_config',
  'build_config',
  'seed_generator',
  'lora_rank',
  'lora_alpha',
  'synchronized',
]
/** Strings that are one word of several. */
const ENUMS = ['data_format', 'interpolation', 'merge_mode', 'padding']

/** Snake case to camel case, and serialized objects to those of TensorFlow.js. */
function camelConfig(config: Config, name: string, warn: Warn): Config {
  const entries = Object.entries(config).flatMap(([key, value]): [string, unknown][] => {
    if (IGNORED.includes(key)) return []
    if (key === 'zero_output_for_mask' && value === true)
      throw new NormlabError(`${name}.${key}`, 'true', 'TensorFlow.js repeats the step before: give False')
    if (key.endsWith('activation')) return [[camel(key), readActivation(value, name)]]
    if (/_(initializer|regularizer|constraint)$/.test(key))
      return [[camel(key), readObject(value, `${name}.${key}`, warn)]]
    if (ENUMS.includes(key) && typeof value === 'string') return [[camel(key), camel(value)]]
    if (key === 'layer' || key === 'cell')
      return [[key, readConfig(withoutZeros(value as KerasObject), warn)]]
    if (key === 'cells') return [[key, (value as KerasObject[]).map((cell) => readConfig(cell, warn))]]
    return [[camel(key), value]]
  })
  return Object.fromEntries(entries)
}

/** Bidirectional, which is the one to set it, sees to it itself. */
const withoutZeros = (object: KerasObject): KerasObject => ({
  ...object,
  config: { ...object.config, zero_output_for_mask: false },
})

/** An initializer, regularizer or constraint; null, and a warning, where TensorFlow.js has none of the kind. */
function readObject(given: unknown, argument: string, warn: Warn): unknown {
  if (!isKerasObject(given)) return typeof given === 'string' ? camel(given) : null
  const config = Object.fromEntries(Object.entries(given.config).map(([key, value]) => [camel(key), value]))
  if (typeof config.mode === 'string') config.mode = camel(config.mode)
  if (typeof config.distribution === 'string')
    config.distribution =
      { truncated_normal: 'truncatedNormal', untruncated_normal: 'normal' }[config.distribution] ??
      config.distribution
  const { class_name: name } = given
  if (name === 'L1' || name === 'L2') return { className: 'L1L2', config: { l1: 0, l2: 0, ...config } }
  const className =
    { LecunNormal: 'LeCunNormal', LecunUniform: 'LeCunUniform', OrthogonalInitializer: 'Orthogonal' }[name] ??
    name
  if (serialization.SerializationMap.getMap().classNameMap[className]) return { className, config }
  warn(`${argument} is ${name}, which TensorFlow.js lacks: it is left out`)
  return null
}

/** @throws NormlabError naming the layer whose class is not known here. */
export function readConfig(object: KerasObject, warn: Warn): Read {
  const { class_name: given, config, registered_name: registered } = object
  const name = String(config?.name ?? given)
  if (registered?.startsWith(`${PACKAGE}>`)) {
    const own = Object.fromEntries(
      Object.entries(config)
        .filter(([key]) => !IGNORED.includes(key))
        .map(([key, value]) => [camel(key), ownValue(key, value, warn)]),
    )
    return { className: registered, config: own }
  }
  const reader = readers[given]
  if (reader) return reader(camelConfig(config, name, warn), name, warn)
  if (serialization.SerializationMap.getMap().classNameMap[registered ?? ''])
    return { className: registered!, config: camelConfig(config, name, warn) }
  throw new NormlabError(
    'config',
    `layer ${show(name)} is of class ${given}, which is not known here`,
    `Register a class of that name with tf.serialization.registerClass. Known are ${knownClasses()}`,
  )
}

/** In the config of a layer of this package's own: the layer that it wraps, or an initializer and the like. */
function ownValue(key: string, value: unknown, warn: Warn): unknown {
  if (!isKerasObject(value)) return value
  return key === 'layer' ? readConfig(value, warn) : { className: value.class_name, config: value.config }
}

/** A layer from its config. */
export function makeLayer({ className, config }: Read): Layer {
  const [cls, fromConfig] = serialization.SerializationMap.getMap().classNameMap[className]
  return fromConfig(cls, config as serialization.ConfigDict) as unknown as Layer
}
