/** One call of a layer in Keras 3's functional config. */
import type { SymbolicTensor } from '@tensorflow/tfjs-layers'
import { NormlabError } from '../../errors.ts'
import { PACKAGE } from '../../names.ts'
import { camel, isKerasObject, isObject, type Config, type KerasObject, type Layer } from '../json.ts'
import { checkOperation, templateOf } from './operation.ts'
import { makeLayer } from './readConfig.ts'

export interface Call {
  readonly layer: KerasObject
  readonly args: unknown[]
  readonly kwargs: Config
}
export type History = [name: string, node: number, tensor: number]

export const callsOf = (object: KerasObject): Call[] =>
  ((object.inbound_nodes ?? []) as { args?: unknown[]; kwargs?: Config }[]).map(
    ({ args = [], kwargs = {} }) => ({
      layer: object,
      args,
      kwargs,
    }),
  )

const isTensor = (value: unknown): value is KerasObject =>
  isKerasObject(value) && value.class_name === '__keras_tensor__'
const historyOf = ({ config }: KerasObject): History => config.keras_history as History

export function tensorsIn(value: unknown): History[] {
  if (isTensor(value)) return [historyOf(value)]
  if (Array.isArray(value)) return value.flatMap(tensorsIn)
  if (isKerasObject(value)) return []
  return isObject(value) ? Object.values(value).flatMap(tensorsIn) : []
}

export function applyCall(
  layer: Layer | undefined,
  { layer: object, args, kwargs }: Call,
  find: (history: History) => SymbolicTensor,
): SymbolicTensor | SymbolicTensor[] {
  const tensors: SymbolicTensor[] = []
  const number = (tensor: KerasObject) => {
    const found = find(historyOf(tensor))
    const at = tensors.indexOf(found)
    return at < 0 ? tensors.push(found) - 1 : at
  }
  const name = object.name ?? object.class_name
  const apply = (to: Layer, given: SymbolicTensor[], more?: Config) =>
    to.apply(given.length === 1 ? given[0] : given, more as never) as SymbolicTensor
  if (!layer) {
    const { name: _, ...settings } = object.config
    const config = {
      name,
      operation: checkOperation(object.class_name),
      args: templateOf(args, number, name),
      kwargs: camelKeys(templateOf(kwargs, number, name) as Config),
      settings: camelKeys(settings),
    }
    return apply(makeLayer({ className: `${PACKAGE}>Operation`, config }), tensors)
  }
  if (object.class_name === 'MultiHeadAttention') {
    const all = ['query', 'value', 'key'].map((key, i) => args[i] ?? kwargs[key]).filter(isTensor)
    checkRest(name, kwargs, ['query', 'value', 'key'])
    ;(layer as unknown as { config: Config }).config.useCausalMask = Boolean(kwargs.use_causal_mask)
    const given = all.map((tensor) => find(historyOf(tensor)))
    return apply(layer, given.every((tensor) => tensor === given[0]) ? [given[0]] : given)
  }
  const first = args[0] ?? kwargs.inputs ?? kwargs.sequences ?? kwargs.sequence
  const state = args.slice(1).filter((each) => tensorsIn(each).length > 0)
  const initial = [...state, kwargs.initial_state].flatMap(tensorsIn)
  checkRest(name, kwargs, ['inputs', 'sequences', 'sequence', 'initial_state'])
  const given = tensorsIn(first).map(find)
  return initial.length
    ? (layer.apply(given[0], { initialState: initial.map(find) } as never) as SymbolicTensor)
    : apply(layer, given)
}

/** A mask that is a tensor, and the like, would be lost. */
function checkRest(name: string, kwargs: Config, known: readonly string[]): void {
  for (const [key, value] of Object.entries(kwargs))
    if (!known.includes(key) && tensorsIn(value).length)
      throw new NormlabError(`${name}.${key}`, 'a tensor', 'Call the layer without it')
}

const camelKeys = (config: Config): Config =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [camel(key), value]))
