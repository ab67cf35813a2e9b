/** Configs of models as Keras 2 and Keras 3 write them, in the form that tfjs reads. */
import { NormlabError, show } from './errors.ts'
import { kerasNodes, pruned } from './kerasNodes.ts'
import { isDict, kerasLayer, without, type Dict } from './kerasObjects.ts'

const MODELS = ['Functional', 'Model', 'Sequential']

export const isModelConfig = (value: unknown): value is Dict & { config: unknown } =>
  isDict(value) && MODELS.includes(value.className as string)

const toCamel = (name: string): string =>
  name.includes('_') ? name.replace(/_+(\w|$)/g, (_, letter: string) => letter.toUpperCase()) : name

/** Keys in camelCase. Values stay: tfjs converts those itself, and knows which of them are names. */
function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys)
  if (!isDict(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [toCamel(key), camelKeys(inner)]))
}

/**
 * The topology of a model, for `tf.models.modelFromJSON` or as `modelTopology` of a `tf.io.IOHandler`.
 *
 * Reads what `model.to_json()` of Keras 2 and Keras 3 gives, the `config.json` of a `.keras` file, and tfjs's own
 * model.json. Import '@normlab/tfjs-layers/drop-in' for the layers that tfjs lacks.
 * @param json the JSON's text, or what it parses to. It is not changed.
 * @throws NormlabError naming `json`, or the part of it that tfjs has nothing for.
 */
export function kerasTopology(json: unknown): Dict {
  const parsed: unknown = typeof json === 'string' ? JSON.parse(json) : json
  const camel = camelKeys(parsed) as Dict
  const own = isDict(camel) ? ((camel.modelConfig ?? camel.modelTopology ?? camel) as Dict) : camel
  const model = isDict(own) && isDict(own.modelConfig) ? own.modelConfig : own
  if (!isModelConfig(model))
    throw new NormlabError('json', show(parsed).slice(0, 80), 'Give a Functional or Sequential model')
  return {
    className: model.className,
    config: kerasModelConfig(model.className as string, model.config, true),
  }
}

/**
 * The config of one model, without its class name, in camelCase. What tfjs could read already comes back equal.
 * @param exact names of layers are as they were: tfjs has not made camelCase of them.
 */
export function kerasModelConfig(className: string, given: unknown, exact = false): Dict | Dict[] {
  // Keras before 2.2 wrote a Sequential as the list of its layers.
  const config: Dict = Array.isArray(given) ? { layers: given } : { ...(given as Dict) }
  const layers = ((config.layers as Dict[]) ?? []).map((layer) => entryOf(layer, exact))
  if (className === 'Sequential') {
    const shape = config.buildInputShape ?? config.batchInputShape
    return { ...withoutTypes(config), layers: withShape(layers, shape) }
  }
  return { ...withoutTypes(config), ...pruned(kerasNodes(layers, config, exact)) }
}

const withoutTypes = (config: Dict): Dict => without(config, 'dtype', 'buildInputShape')

/** A layer, or a model inside a model, with its name and inbound nodes. */
function entryOf(given: Dict, exact: boolean): Dict {
  const layer: Dict = isModelConfig(given)
    ? { ...given, config: kerasModelConfig(given.className as string, given.config, exact) }
    : kerasLayer(given, (inner) => entryOf(inner, exact))
  const { name = (layer.config as Dict | undefined)?.name, inboundNodes = [], module } = given
  const rest = without(layer, 'module', 'registeredName', 'buildConfig', 'compileConfig')
  return { ...rest, ...(name === undefined ? {} : { name }), inboundNodes, module }
}

/** A Sequential without an input layer says its shape in `build_input_shape`. */
function withShape(layers: Dict[], shape: unknown): Dict[] {
  const plain = layers.map((layer) => without(layer, 'inboundNodes', 'module'))
  const [first, ...rest] = plain
  const config = first?.config as Dict | undefined
  if (!config || !Array.isArray(shape) || first.className === 'InputLayer' || isModelConfig(first))
    return plain
  if (config.batchInputShape) return plain
  return [{ ...first, config: { ...config, batchInputShape: shape } }, ...rest]
}
