/** Keras's names and defaults for what core's records call by their own. */
import type { AnyNorm, Noise } from '@normlab/core'
import { NormlabError, show } from './errors.ts'

/** Options whose name in a layer's config differs from core's. */
export const aliases = { g: 'groups', decay: 'momentum', iterations: 'powerIterations' } as const

/** A parameter that a flag of the config turns off: `center: false` leaves beta out. */
export const flags = { gamma: 'scale', beta: 'center' } as const

/** Layers that Keras names otherwise than `GroupNorm` -> `GroupNormalization` gives. */
export const layerNames = { L2Norm: 'UnitNormalization' } as const

/** Keras 3's defaults where they differ from core's. A record that Keras does not have keeps its own. */
const defaults: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  BatchNorm: { epsilon: 1e-3, momentum: 0.99 },
  LayerNorm: { epsilon: 1e-3 },
  GroupNorm: { epsilon: 1e-3 },
  InstanceNorm: { epsilon: 1e-3 },
  RMSNorm: { epsilon: 1e-6 },
}

const aliasOf = (name: string): string => (aliases as Record<string, string>)[name] ?? name

/** Every option of a record under its name in the config, with its default. */
export function optionDefaults(record: {
  readonly name: string
  readonly options: Readonly<Record<string, number | string>>
}): Record<string, number | string> {
  const own = Object.entries(record.options).map(([name, value]) => {
    const alias = aliasOf(name)
    return [alias, defaults[record.name]?.[alias] ?? value]
  })
  return Object.fromEntries(own)
}

/** The options of a config under core's names. */
export function coreOptions(
  options: Readonly<Record<string, number | string>>,
): Record<string, number | string> {
  const back = Object.fromEntries(Object.entries(aliases).map(([core, keras]) => [keras, core]))
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [back[name] ?? name, value]))
}

const fraction = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1
const counter = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
/** Of arguments that are no numeric option of core: those core checks, by its records' ranges (checkOptionsOf). */
const rules: Readonly<Record<string, [ok: (value: unknown) => boolean, remedy: string]>> = {
  momentum: [fraction, 'Give the weight of the old value, from 0 to 1'],
  groups: [
    (value) => value === -1 || (Number.isInteger(value) && (value as number) > 0),
    'Give a positive integer, or -1 for a group of each channel',
  ],
  variance: [(value) => value === 'biased' || value === 'unbiased', "Give 'biased' or 'unbiased'"],
  axis: [
    (value) =>
      Number.isInteger(value) || (Array.isArray(value) && value.length > 0 && value.every(Number.isInteger)),
    'Give an integer or a list of integers',
  ],
  seed: [counter, 'Give an integer from 0 to 2^53 - 1'],
  step: [counter, 'Give an integer from 0 to 2^53 - 1'],
  center: [(value) => typeof value === 'boolean', 'Give true or false'],
  scale: [(value) => typeof value === 'boolean', 'Give true or false'],
  synchronized: [(value) => typeof value === 'boolean', 'Give true or false'],
  renorm: [(value) => typeof value === 'boolean', 'Give true or false'],
  rmsScaling: [(value) => typeof value === 'boolean', 'Give true or false'],
  allReduce: [(value) => typeof value === 'function', 'Give a function of a Float32Array'],
  trackRunningStats: [(value) => typeof value === 'boolean', 'Give true or false'],
}

/** What every layer of tfjs takes. */
export const common = [
  'name',
  'trainable',
  'dtype',
  'inputShape',
  'batchInputShape',
  'batchSize',
  'inputDType',
  'weights',
]

/**
 * Refuses what a layer does not know, and values out of their range. `undefined` and null count as not given.
 * @returns the arguments that were given.
 * @throws NormlabError naming the argument.
 */
export function checkConfig(
  layer: string,
  config: unknown,
  known: readonly string[],
): Record<string, unknown> {
  if (typeof config !== 'object' || config === null)
    throw new NormlabError('config', `expected an object, got ${show(config)}`, 'Give arguments by name')
  // tfjs puts customObjects into the config of a layer that it loads.
  const { customObjects: _, ...own } = config as Record<string, unknown>
  for (const [name, value] of Object.entries(own)) {
    if (!known.includes(name) && !common.includes(name))
      throw new NormlabError(name, `${layer} has no such argument`, `It has ${known.join(', ')}`)
    if (value === undefined || value === null || !known.includes(name)) continue
    const rule = rules[name]
    if (rule && !rule[0](value)) throw new NormlabError(name, show(value), rule[1])
  }
  if (own.dtype && own.dtype !== 'float32')
    throw new NormlabError('dtype', show(own.dtype), "Give 'float32', the one type that tfjs trains in")
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined && value !== null))
}

/** @throws NormlabError naming the argument, where an option is out of the record's range. */
export const checkOptionsOf = (record: AnyNorm | Noise, options: Readonly<Record<string, number | string>>) =>
  void inLayerTerms(() => record.with(coreOptions(options)))

/** Runs `task`; an error of core that names an option by core's name is thrown again under the layer's name for it. */
export function inLayerTerms<T>(task: () => T): T {
  try {
    return task()
  } catch (error) {
    if (!(error instanceof NormlabError) || aliasOf(error.argument) === error.argument) throw error
    const [got, ...remedy] = error.message.slice(error.argument.length + 2).split('. ')
    throw new NormlabError(aliasOf(error.argument), got, remedy.join('. '))
  }
}
