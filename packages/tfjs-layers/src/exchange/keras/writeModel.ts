/** Models as Keras 3's config. */
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { RNN } from '@tensorflow/tfjs-layers'
import { PACKAGE } from '../../names.ts'
import { isObject, snake, type Config, type KerasObject, type Layer } from '../json.ts'
import { Composite } from './composite.ts'
import type { Template } from './operation.ts'
import type { Warn } from './readers.ts'
import { isContainer } from './state.ts'
import { inputObject, oldHardSigmoid, sequentialObject, writeConfig } from './writeConfig.ts'

export interface Writing {
  readonly warn: Warn
  /** Keras's class of each layer; operations have none. */
  readonly classes: Map<Layer, string>
}

interface Node {
  inboundLayers: Layer[]
  nodeIndices: number[]
  tensorIndices: number[]
  inputTensors: SymbolicTensor[]
  inputShapes: unknown[]
}
type Graph = LayersModel & {
  readonly containerNodes: Set<string>
  readonly outputLayers: Layer[]
  readonly outputLayersNodeIndices: number[]
  readonly outputLayersTensorIndices: number[]
}

const isSequential = (layer: Layer): boolean => layer.getClassName() === 'Sequential'
const isOperation = (layer: Layer): layer is Composite => layer.getClassName() === `${PACKAGE}>Operation`

export function writeLayer(layer: Layer, writing: Writing): KerasObject {
  const { classes, warn } = writing
  if (isContainer(layer)) {
    classes.set(layer, isSequential(layer) ? 'Sequential' : 'Functional')
    return isSequential(layer) ? writeSequential(layer, writing) : writeFunctional(layer as Graph, writing)
  }
  if (layer.getClassName() === 'InputLayer') {
    classes.set(layer, 'InputLayer')
    const tensor = layer.inboundNodes[0].outputTensors[0]
    return inputObject(layer.name, tensor.shape, tensor.dtype)
  }
  const split = oldHardSigmoid(layer)
  const { className, object } = split ?? writeConfig(layer, partsOf(layer, writing), warn)
  classes.set(layer, className)
  return object
}

/** What a layer is made of. */
function partsOf(layer: Layer, writing: Writing): Config {
  const parts = layer as unknown as Record<
    'layer' | 'forwardLayer' | 'backwardLayer' | 'cell',
    Layer | undefined
  > & {
    cells?: Layer[]
  }
  if (parts.backwardLayer) writeLayer(parts.backwardLayer, writing)
  const inner = parts.forwardLayer ?? parts.layer
  const config: Config = {}
  if (inner && typeof inner.getWeights === 'function') config.layer = writeLayer(inner, writing)
  if (parts.cell) {
    const cell = writeLayer(parts.cell, writing)
    if (layer.getClassName() === 'RNN') config.cell = cell
  }
  if (parts.cells) config.cells = parts.cells.map((cell) => writeLayer(cell, writing))
  return config
}

function writeSequential(model: LayersModel, writing: Writing): KerasObject {
  const [input] = model.inputs
  const layers = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer')
  for (const layer of model.layers) if (!layers.includes(layer)) writing.classes.set(layer, 'InputLayer')
  const list = layers.map((layer) => writeLayer(layer, writing))
  const first = inputObject(input.sourceLayer.name, input.shape, input.dtype)
  return sequentialObject(model.name, [first, ...list], input.shape)
}

/** Calls of a layer that belong to the model, by their index among all calls. */
const callsOf = (model: Graph, layer: Layer): [number, Node][] =>
  layer.inboundNodes.flatMap((node, i) =>
    model.containerNodes.has(`${layer.name}_ib-${i}`) ? [[i, node as unknown as Node]] : [],
  )

function writeFunctional(model: Graph, writing: Writing): KerasObject {
  const history = (layer: Layer, node: number, tensor: number): [string, number, number] => {
    const at = callsOf(model, layer).findIndex(([i]) => i === node)
    return [layer.name, at, tensor]
  }
  const tensorsOf = (node: Node): KerasObject[] =>
    node.inboundLayers.map((layer, i) => {
      const { shape, dtype } = node.inputTensors[i]
      const keras_history = history(layer, node.nodeIndices[i], node.tensorIndices[i])
      return { class_name: '__keras_tensor__', config: { shape, dtype, keras_history } }
    })
  const layers = model.layers.map((layer) => {
    const object = isOperation(layer) ? operationObject(layer) : writeLayer(layer, writing)
    const calls = layer.getClassName() === 'InputLayer' ? [] : callsOf(model, layer)
    return {
      ...object,
      name: layer.name,
      inbound_nodes: calls.map(([, node]) => callObject(layer, tensorsOf(node))),
    }
  })
  const ends = (list: [string, number, number][]) => (list.length === 1 ? list[0] : list)
  const outputs = model.outputLayers.map((layer, i) => {
    const [name, node, tensor] = history(
      layer,
      model.outputLayersNodeIndices[i],
      model.outputLayersTensorIndices[i],
    )
    // Keras counts a node of its own before the calls of a functional model.
    return [name, node + (isContainer(layer) && !isSequential(layer) ? 1 : 0), tensor] as [
      string,
      number,
      number,
    ]
  })
  return {
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    config: {
      name: model.name,
      trainable: true,
      layers,
      input_layers: ends(model.inputs.map(({ sourceLayer }) => [sourceLayer.name, 0, 0])),
      output_layers: ends(outputs),
    },
    registered_name: 'Functional',
    build_config: { input_shape: null },
  }
}

function callObject(layer: Layer, tensors: KerasObject[]): { args: unknown[]; kwargs: Config } {
  if (isOperation(layer)) {
    const { args, kwargs } = layer.config as { args: Template[]; kwargs: Record<string, Template> }
    const named = Object.entries(kwargs).map(([key, value]) => [snake(key), unfilled(value, tensors)])
    return { args: args.map((each) => unfilled(each, tensors)), kwargs: Object.fromEntries(named) as Config }
  }
  if (layer.getClassName() === `${PACKAGE}>MultiHeadAttention`) {
    const causal = Boolean((layer as Composite).config.useCausalMask)
    return {
      args: tensors.length > 1 ? tensors : [tensors[0], tensors[0]],
      kwargs: causal ? { use_causal_mask: true } : {},
    }
  }
  if (tensors.length === 1) return { args: tensors, kwargs: {} }
  const recurrent = layer instanceof RNN || 'forwardLayer' in layer
  return recurrent
    ? { args: [tensors[0]], kwargs: { initial_state: tensors.slice(1) } }
    : { args: [tensors], kwargs: {} }
}

function unfilled(template: Template, tensors: KerasObject[]): unknown {
  if (Array.isArray(template)) return template.map((each) => unfilled(each, tensors))
  if (!isObject(template)) return template
  if ('input' in template) return tensors[template.input as number]
  if ('slice' in template) {
    const [start, stop, step] = template.slice as (number | null)[]
    return { class_name: '__slice__', config: { start, stop, step } }
  }
  if ('ellipsis' in template) return { class_name: '__ellipsis__', config: {} }
  if ('constant' in template)
    return { class_name: '__numpy__', config: { value: template.constant, dtype: 'float32' } }
  return template
}

/** Operations of keras.src.ops.nn; all others here are of numpy. */
const NN =
  'relu relu6 selu silu hardSigmoid elu leakyRelu gelu softmax logSoftmax sigmoid softplus mish'.split(' ')
const MATH = ['rsqrt', 'erf']

function operationObject({ name, config }: Composite): KerasObject {
  const operation = config.operation as string
  const settings = Object.entries(config.settings as Config).map(([key, value]) => [snake(key), value])
  const className = operation[0].toUpperCase() + operation.slice(1)
  const folder = NN.includes(operation)
    ? 'nn'
    : MATH.includes(operation)
      ? 'math'
      : operation === 'cast'
        ? 'core'
        : 'numpy'
  return {
    module: `keras.src.ops.${folder}`,
    class_name: className,
    config: { name, ...(Object.fromEntries(settings) as Config) },
    registered_name: className,
  }
}
