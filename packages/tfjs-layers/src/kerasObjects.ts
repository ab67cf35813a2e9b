/** Layers, initializers, regularizers and types in configs of Keras, as tfjs has them. */
import { NormlabError, show } from './errors.ts'

export type Dict = Record<string, unknown>
export const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const without = (object: Dict, ...names: readonly string[]): Dict =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))

/** Classes that tfjs calls otherwise. */
const CLASS_NAMES: Readonly<Record<string, string>> = {
  LecunNormal: 'LeCunNormal',
  LecunUniform: 'LeCunUniform',
  OrthogonalInitializer: 'Orthogonal',
  IdentityInitializer: 'Identity',
  SyncBatchNormalization: 'BatchNormalization',
  BatchNormalizationV1: 'BatchNormalization',
  BatchNormalizationV2: 'BatchNormalization',
}

/** tfjs trains in float32 alone: mixed precision is read as that. */
export function plainDType(given: unknown): string {
  if (isDict(given)) return plainDType((given.config as Dict | undefined)?.name ?? 'float32')
  const name = String(given)
  if (/^(u?int)/.test(name)) return 'int32'
  return ['bool', 'string', 'complex64'].includes(name) ? name : 'float32'
}

const isTuple = (value: unknown): value is { items: unknown[] } =>
  isDict(value) && ['__tuple__', 'Tuple'].includes(value.className as string) && Array.isArray(value.items)

/** Values inside a layer's config: objects of tfjs's form, plain types, tuples as lists. */
function plain(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((inner) => plain(inner, key))
  if (!isDict(value)) return key === 'activation' || key === 'recurrentActivation' ? activation(value) : value
  if (isTuple(value)) return value.items.map((inner) => plain(inner, key))
  const { className, config } = value
  if (typeof className !== 'string')
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner, name)]))
  if (className === 'SeedGenerator') return (config as Dict).seed ?? null
  if (className === 'function') return activation(config)
  const settings = isDict(config) ? (plain(config, key) as Dict) : {}
  if (className === 'L1' || className === 'L2')
    return { className: 'L1L2', config: { l1: 0, l2: 0, ...settings } }
  return { className: CLASS_NAMES[className] ?? className, config: settings }
}

const activation = (name: unknown): unknown => (name === 'silu' ? 'swish' : name)

const needs = (ok: boolean, name: unknown, what: string): void => {
  if (!ok) throw new NormlabError('layers', `${show(name)} has ${what}`, 'tfjs has no such layer')
}

/** What tfjs would ignore in silence, and what it has under another class. */
const layerRules: Readonly<Record<string, (config: Dict) => [className: string, config: Dict] | undefined>> =
  {
    ReLU({ negativeSlope = 0, threshold = 0, maxValue = null, ...rest }) {
      const plainly = [!negativeSlope, !threshold, maxValue === null]
      needs(plainly.filter((is) => !is).length < 2, rest.name, 'a slope, a threshold and a maximum at once')
      if (negativeSlope) return ['LeakyReLU', { ...rest, alpha: negativeSlope }]
      if (threshold) return ['ThresholdedReLU', { ...rest, theta: threshold }]
      return ['ReLU', { ...rest, maxValue }]
    },
    LeakyReLU: ({ negativeSlope, ...rest }) => [
      'LeakyReLU',
      negativeSlope === undefined ? rest : { ...rest, alpha: negativeSlope },
    ],
  }

/** Operators on a tensor and a number, as a Rescaling layer. */
export const CONSTANT_OPS: Readonly<Record<string, (c: number) => { scale: number; offset: number }>> = {
  Multiply: (c) => ({ scale: c, offset: 0 }),
  Add: (c) => ({ scale: 1, offset: c }),
  Subtract: (c) => ({ scale: 1, offset: -c }),
  Divide: (c) => ({ scale: 1 / c, offset: 0 }),
  TrueDivide: (c) => ({ scale: 1 / c, offset: 0 }),
}

/**
 * A layer's class and config for tfjs.
 * @param inner does the same for a layer inside a wrapper.
 */
export function kerasLayer(given: Dict, inner: (layer: Dict) => Dict): Dict {
  const { config: own = {}, registeredName } = given
  // Classes of others are registered as package>Name.
  const named =
    typeof registeredName === 'string' && registeredName.includes('>') ? registeredName : given.className
  const className = CLASS_NAMES[named as string] ?? (named as string)
  const config: Dict = {}
  for (const [key, value] of Object.entries(own as Dict)) {
    const wraps = isDict(value) && typeof value.className === 'string' && isDict(value.config)
    if ((key === 'layer' || key === 'cell') && wraps) config[key] = bare(inner(value as Dict))
    else if (key === 'cells' && Array.isArray(value))
      config[key] = value.map((cell) => bare(inner(cell as Dict)))
    else if (key === 'backwardLayer' || key === 'quantizationConfig') continue
    else if (key === 'dtype' || key === 'inputDType') {
      if (value !== null) config[key] = plainDType(value)
    } else config[key === 'batchShape' ? 'batchInputShape' : key] = plain(value, key)
  }
  if (className === 'InputLayer') {
    delete config.ragged
    delete config.optional
  }
  needs(config.groups === undefined || config.groups === 1 || !/Conv/.test(className), config.name, 'groups')
  needs(!(config.keepdims === true && className.startsWith('Global')), config.name, 'keepdims')
  for (const key of ['activation', 'recurrentActivation'])
    needs(
      !(given.module !== undefined && /^hard_?sigmoid$/i.test(String(config[key]))),
      config.name,
      "Keras 3's hard_sigmoid, which is relu6(x + 3) / 6 and not tfjs's",
    )
  const [name, settings] = layerRules[className]?.(config) ?? [className, config]
  return { ...given, className: name, config: settings }
}

const bare = (layer: Dict): Dict => without(layer, 'inboundNodes', 'module', 'name')
