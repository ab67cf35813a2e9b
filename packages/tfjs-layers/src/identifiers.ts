/** Initializers, regularizers and constraints as a config gives them: a name, a serialized object, or an instance. */
import { serialization } from '@tensorflow/tfjs-core'
import {
  constraints,
  initializers,
  layers as stock,
  regularizers,
  type layers,
} from '@tensorflow/tfjs-layers'
import { NormlabError, show } from './errors.ts'

type StockArgs = NonNullable<Parameters<typeof layers.batchNormalization>[0]>
export type InitializerArg = NonNullable<StockArgs['gammaInitializer']>
export type RegularizerArg = NonNullable<StockArgs['gammaRegularizer']>
export type ConstraintArg = NonNullable<StockArgs['gammaConstraint']>

export type Initializer = ReturnType<typeof initializers.zeros>
export type Regularizer = ReturnType<typeof regularizers.l2>
export type Constraint = ReturnType<typeof constraints.nonNeg>

const factories = { Initializer: initializers, Regularizer: regularizers, Constraint: constraints }
type Kind = keyof typeof factories
type Instance = { Initializer: Initializer; Regularizer: Regularizer; Constraint: Constraint }

/**
 * @param argument name in the config, such as `gammaInitializer`.
 * @returns undefined where nothing is given.
 * @throws NormlabError naming the argument.
 */
export function resolveObject<K extends Kind>(
  kind: K,
  argument: string,
  given: unknown,
): Instance[K] | undefined {
  if (given === undefined || given === null) return undefined
  if (given instanceof serialization.Serializable) return given as Instance[K]
  if (typeof given === 'string') {
    const name = given.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
    const make = (factories[kind] as unknown as Record<string, (config: object) => Instance[K]>)[name]
    if (typeof make === 'function' && Object.hasOwn(factories[kind], name)) return make({})
    return fromRegistry(kind, argument, name, {})
  }
  const { className, config } = given as { className?: unknown; config?: serialization.ConfigDict }
  if (typeof className === 'string') return fromRegistry(kind, argument, className, config ?? {})
  throw new NormlabError(argument, show(given), `Give a name, or an object of ${kind.toLowerCase()}s`)
}

function fromRegistry<K extends Kind>(
  kind: K,
  argument: string,
  className: string,
  config: serialization.ConfigDict,
): Instance[K] {
  const entry = serialization.SerializationMap.getMap().classNameMap[className]
  if (!entry)
    throw new NormlabError(
      argument,
      `no ${kind.toLowerCase()} is registered as ${show(className)}`,
      `tf.${kind.toLowerCase()}s has ${Object.keys(factories[kind]).join(', ')}`,
    )
  const [cls, fromConfig] = entry
  return fromConfig(cls, config) as unknown as Instance[K]
}

/** The form of an object in a saved config; null where there is none. */
export function serializeObject(
  object: serialization.Serializable | undefined,
): serialization.ConfigDictValue {
  return object ? { className: object.getClassName(), config: object.getConfig() } : null
}

/**
 * A layer, or its class and config as they are saved.
 * @throws NormlabError naming the argument.
 */
export function resolveLayer(argument: string, given: unknown): layers.Layer {
  if (given instanceof stock.Layer) return given
  const { className, config } = (given ?? {}) as { className?: unknown; config?: serialization.ConfigDict }
  const entry = serialization.SerializationMap.getMap().classNameMap[String(className)]
  if (!entry || !config)
    throw new NormlabError(argument, show(className ?? given), 'Give a layer: tf.layers.dense({ units: 8 })')
  return entry[1](entry[0], { ...config }) as unknown as layers.Layer
}
