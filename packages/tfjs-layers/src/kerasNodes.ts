/** The graph of a functional model: Keras 3's nodes as lists of [layer, node, tensor, arguments], which tfjs reads. */
import { NormlabError, show } from './errors.ts'
import { CONSTANT_OPS, isDict, without, type Dict } from './kerasObjects.ts'

type Source = [layer: string, node: number, tensor: number]
type NodeData = [...Source, Dict?][]
interface Graph {
  readonly layers: Dict[]
  readonly inputLayers: Source[]
  readonly outputLayers: Source[]
}

const toCamel = (name: string): string =>
  name.replace(/_+(\w|$)/g, (_, letter: string) => letter.toUpperCase())

const history = (value: unknown): Source | undefined =>
  isDict(value) && isDict(value.config) ? (value.config.kerasHistory as Source | undefined) : undefined

/** @param exact layers' names in the graph are as the layers have them; else tfjs has made camelCase of them. */
export function kerasNodes(layers: readonly Dict[], config: Dict, exact: boolean): Graph {
  const modern = layers.some(({ inboundNodes }) => (inboundNodes as unknown[]).some(isDict))
  const resolve = exact ? (name: string) => name : namesOf(layers)
  const nested = new Set(
    layers
      .filter(({ className }) => ['Functional', 'Model', 'Sequential'].includes(className as string))
      .map(({ name }) => name),
  )
  // In tfjs and Keras 2 a model's first node is the model itself; Keras 3 counts its calls alone.
  const source = ([name, node, tensor]: Source): Source => {
    const whole = modern ? resolve(name) : name
    return [whole, modern && nested.has(whole) ? node + 1 : node, tensor]
  }
  const ends = (value: unknown): Source[] => listOf(value).map(source)
  return {
    layers: layers.map((layer) => {
      const { module, ...rest } = layer
      const nodes = (layer.inboundNodes as unknown[]).map((node) =>
        isDict(node) ? nodeData(node, layer, source) : { data: node as NodeData },
      )
      const constant = nodes.find((node) => 'constant' in node)?.constant
      const isOp = String(module).includes('.ops')
      const inboundNodes = nodes.map(({ data }) => data)
      if (constant === undefined) return { ...rest, isOp, inboundNodes }
      return { ...rest, isOp, ...rescaling(layer, constant), inboundNodes }
    }),
    inputLayers: ends(config.inputLayers),
    outputLayers: ends(config.outputLayers),
  }
}

/** One tensor, a list of them, or a dictionary. */
function listOf(value: unknown): Source[] {
  if (isDict(value)) return Object.values(value).flatMap(listOf)
  if (!Array.isArray(value)) return []
  return typeof value[0] === 'string' ? [value as Source] : value.flatMap(listOf)
}

function namesOf(layers: readonly Dict[]): (name: string) => string {
  const names = layers.map(({ name }) => name as string)
  return (name) => {
    const same = names.filter((candidate) => toCamel(candidate) === name)
    if (same.length > 1)
      throw new NormlabError(
        'layers',
        `tfjs cannot tell ${same.map(show).join(' and ')} apart`,
        'Give the JSON to kerasTopology first, or rename one of them',
      )
    return same[0] ?? name
  }
}

interface Converted {
  data: NodeData
  constant?: number | [number]
}

/** Keras 3: tensors stand in args, in lists inside them, and in kwargs. */
function nodeData({ args, kwargs }: Dict, layer: Dict, source: (from: Source) => Source): Converted {
  const sources: Source[] = []
  let constant: number | undefined
  const collect = (value: unknown): void => {
    const from = history(value)
    if (from) sources.push(source(from))
    else if (Array.isArray(value)) value.forEach(collect)
    else if (typeof value === 'number') constant = value
    else if (value !== null && value !== undefined)
      throw new NormlabError(
        'layers',
        `${show(layer.name)} is called with ${show(value)}`,
        'Call it with tensors',
      )
  }
  const first = (args as unknown[])[0]
  collect(args)
  const others: Dict = {}
  for (const [key, value] of Object.entries((kwargs as Dict) ?? {})) {
    // Keras 3's predict overrides `training` as it was recorded; tfjs passes masks on by itself.
    if (value === null || key === 'mask' || key === 'training' || key === 'attentionMask') continue
    if ([value].flat().some(history)) collect(value)
    else others[key] = value
  }
  const last = sources.pop()
  const data: NodeData = last ? [...sources, Object.keys(others).length ? [...last, others] : last] : []
  return constant === undefined
    ? { data }
    : { data, constant: typeof first === 'number' ? [constant] : constant }
}

function rescaling({ className, name, module }: Dict, constant: number | [number]): Dict {
  const make = CONSTANT_OPS[className as string]
  const commutes = ['Add', 'Multiply'].includes(className as string)
  // What is compared for a mask alone is dropped in the end.
  if (!make || (Array.isArray(constant) && !commutes))
    return { unsupported: `${show(name)} (${String(module)}.${String(className)}) takes a number` }
  return { className: 'Rescaling', config: { name, ...make([constant].flat()[0]) } }
}

/** Without operations that nothing uses: those from which Keras 3 makes masks. */
export function pruned({ layers, inputLayers, outputLayers }: Graph): Dict {
  const byName = new Map(layers.map((layer) => [layer.name as string, layer]))
  const used = new Set<string>()
  const visit = (name: string): void => {
    if (used.has(name)) return
    used.add(name)
    for (const data of (byName.get(name)?.inboundNodes as NodeData[] | undefined) ?? [])
      data.forEach(([from]) => visit(from))
  }
  for (const [name] of [...inputLayers, ...outputLayers]) visit(name)
  const kept = layers.filter(({ isOp, name }) => !isOp || used.has(name as string))
  const wrong = kept.find(({ unsupported }) => unsupported)
  if (wrong)
    throw new NormlabError(
      'layers',
      wrong.unsupported as string,
      'Use a layer such as Rescaling or Lambda instead',
    )
  return { layers: kept.map((layer) => without(layer, 'isOp')), inputLayers, outputLayers }
}
