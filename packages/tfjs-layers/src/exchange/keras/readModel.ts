/** Models of Keras 3's config: Sequential and functional, nested and shared. */
import {
  input as makeInput,
  model as makeModel,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { NormlabError, show } from '../../errors.ts'
import type { Shape } from '../../shape.ts'
import { isKerasObject, isObject, type Config, type KerasObject, type Layer } from '../json.ts'
import { isOperation } from './operation.ts'
import { applyCall, callsOf, tensorsIn, type Call, type History } from './readCall.ts'
import { makeLayer, readConfig } from './readConfig.ts'
import type { Warn } from './readers.ts'

/** What is known of a file while it is read. */
export interface Reading {
  readonly warn: Warn
  /** Keras's class of each layer; operations have none. */
  readonly classes: Map<Layer, string>
  /** Layers that several models of the file share. */
  readonly shared: Map<number, Layer>
}

type FunctionalConfig = {
  name?: string
  layers: KerasObject[]
  input_layers: unknown
  output_layers: unknown
}
type Dtype = 'float32' | 'int32' | 'bool'

export function readLayer(object: KerasObject, reading: Reading): Layer {
  const { shared_object_id: id, class_name: name, config } = object
  const known = id === undefined ? undefined : reading.shared.get(id)
  if (known) return known
  const layer =
    name === 'Sequential'
      ? readSequential(object, reading)
      : Array.isArray(config.layers) && config.output_layers
        ? readFunctional(config as unknown as FunctionalConfig, reading)
        : made(object, reading)
  layer.trainable = config.trainable !== false
  if (id !== undefined) reading.shared.set(id, layer)
  reading.classes.set(
    layer,
    isContainerName(name, config) ? (name === 'Sequential' ? name : 'Functional') : name,
  )
  return layer
}

const isContainerName = (name: string, config: Config) =>
  name === 'Sequential' || Array.isArray(config.layers)

function made(object: KerasObject, reading: Reading): Layer {
  const layer = makeLayer(readConfig(object, reading.warn))
  markParts(layer, object, reading)
  return layer
}

/** Cells and wrapped layers by their classes. */
function markParts(layer: Layer, { config }: KerasObject, { classes }: Reading): void {
  const parts = layer as unknown as Record<string, Layer | Layer[] | undefined>
  const mark = (part: unknown, object: unknown): void => {
    if (!isObject(part)) return
    ;(part as unknown as Layer).setFastWeightInitDuringBuild?.(true)
    if (isKerasObject(object)) classes.set(part as unknown as Layer, object.class_name)
  }
  // Values from the file follow: orthogonal matrices and the like would be drawn in vain.
  for (const part of [layer, parts.forwardLayer, parts.backwardLayer]) mark(part, undefined)
  mark(parts.cell, config.cell)
  mark(parts.layer, config.layer)
  const cells = (config.cells ?? (config.cell as KerasObject | undefined)?.config?.cells) as
    | unknown[]
    | undefined
  const own = (parts.cells ?? (parts.cell as unknown as { cells?: Layer[] })?.cells) as Layer[] | undefined
  own?.forEach((cell, i) => mark(cell, cells?.[i]))
}

const dtypeOf = (dtype: unknown): Dtype => {
  const name = isKerasObject(dtype) ? String(dtype.config.name) : String(dtype ?? 'float32')
  return name === 'bool' ? 'bool' : /int/.test(name) ? 'int32' : 'float32'
}

function inputOf({ config }: KerasObject, reading: Reading): SymbolicTensor {
  const batchShape = (config.batch_shape ?? config.batch_input_shape) as Shape
  const tensor = makeInput({ batchShape, name: config.name as string, dtype: dtypeOf(config.dtype) })
  reading.classes.set(tensor.sourceLayer, 'InputLayer')
  return tensor
}

function readSequential({ config, build_config: built }: KerasObject, reading: Reading): LayersModel {
  const list = config.layers as KerasObject[]
  const shape = (config.build_input_shape ?? built?.input_shape) as Shape | undefined
  const model = sequential({ name: config.name as string })
  const first = list[0]
  const start = (batchShape: Shape, dtype: Dtype, name?: string) => {
    const layer = makeInput({ batchShape, dtype, name }).sourceLayer
    reading.classes.set(layer, 'InputLayer')
    model.add(layer)
  }
  if (first?.class_name === 'InputLayer')
    start(
      (first.config.batch_shape ?? first.config.batch_input_shape) as Shape,
      dtypeOf(first.config.dtype),
      first.config.name as string,
    )
  else if (shape) start(shape, 'float32')
  else
    throw new NormlabError(
      'bytes',
      `Sequential ${show(config.name)} has no input shape`,
      'Build it before you save it: model.build(shape)',
    )
  for (const object of list) if (object.class_name !== 'InputLayer') model.add(readLayer(object, reading))
  return model
}

function readFunctional(config: FunctionalConfig, reading: Reading): LayersModel {
  const layers = new Map<string, Layer>()
  const outputs = new Map<string, SymbolicTensor[][]>()
  const functional = new Set<string>()
  const pending = new Map<string, Call[]>()
  for (const object of config.layers) {
    const name = object.name ?? (object.config.name as string)
    outputs.set(name, [])
    if (object.class_name === 'InputLayer') {
      outputs.get(name)!.push([inputOf(object, reading)])
      continue
    }
    if (object.config.output_layers) functional.add(name)
    if (!isOperation(object)) layers.set(name, readLayer(object, reading))
    pending.set(name, callsOf(object))
  }
  dropMasks(config, pending)
  const find = ([name, node, tensor]: History): SymbolicTensor | undefined =>
    outputs.get(name)?.[node]?.[tensor]
  // In rounds, the calls of a layer in their order: those whose inputs are there.
  while (pending.size) {
    const before = [...pending.values()].reduce((sum, calls) => sum + calls.length, pending.size)
    for (const [name, calls] of pending) {
      while (calls.length && tensorsIn(calls[0]).every((history) => find(history))) {
        const result = applyCall(layers.get(name), calls.shift()!, (history) => find(history)!)
        outputs.get(name)!.push([result].flat())
      }
      if (calls.length === 0) pending.delete(name)
    }
    const after = [...pending.values()].reduce((sum, calls) => sum + calls.length, pending.size)
    if (after === before)
      throw new NormlabError(
        'bytes',
        `layers ${[...pending.keys()].join(', ')} have no inputs`,
        'Save the model again',
      )
  }
  const ends = (struct: unknown) =>
    historiesIn(struct).map((history) => {
      // A functional model in a model has a node of its own before those of its calls.
      const [name, node, tensor] = history
      return find(functional.has(name) ? [name, node - 1, tensor] : history)!
    })
  return makeModel({
    inputs: ends(config.input_layers),
    outputs: ends(config.output_layers),
    name: config.name,
  })
}

/**
 * Keras writes the masks that it makes of tokens into the graph. Layers here hand them on by themselves: what leads to masks
 * alone is left out.
 */
function dropMasks({ layers, output_layers: ends }: FunctionalConfig, pending: Map<string, Call[]>): void {
  const makesMasks = (object: KerasObject): boolean =>
    object.class_name === 'Masking' ||
    object.config.mask_zero === true ||
    ((object.config.layers ?? []) as KerasObject[]).some(makesMasks)
  const masked = layers.some(makesMasks)
  const operations = new Set(layers.filter(isOperation).map(({ name }) => name))
  const isAutomatic = (value: unknown) => masked && tensorsIn(value).every(([name]) => operations.has(name))
  for (const [name, calls] of pending)
    pending.set(
      name,
      calls.map((call) => {
        const { mask, ...kwargs } = call.kwargs
        return mask !== undefined && isAutomatic(mask) ? { ...call, kwargs } : call
      }),
    )
  const needed = new Set<string>()
  const need = (name: string): void => {
    if (needed.has(name)) return
    needed.add(name)
    for (const call of pending.get(name) ?? []) for (const [from] of tensorsIn(call)) need(from)
  }
  for (const [name] of historiesIn(ends)) need(name)
  for (const name of pending.keys()) if (operations.has(name) && !needed.has(name)) pending.delete(name)
}

/** Lists as they stand, dicts by their keys' order, as Keras flattens them. */
function historiesIn(struct: unknown): History[] {
  if (Array.isArray(struct))
    return typeof struct[0] === 'string' ? [struct as unknown as History] : struct.flatMap(historiesIn)
  if (!isObject(struct)) return []
  return Object.keys(struct)
    .toSorted()
    .flatMap((key) => historiesIn(struct[key]))
}
