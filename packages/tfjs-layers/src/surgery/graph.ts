/** The calls of a model's layers, as a graph that can be changed and made into a model again. */
import {
  model as makeModel,
  type layers,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'

export type Layer = layers.Layer

/** One call of a layer. */
export interface Call {
  layer: Layer
  readonly inputs: SymbolicTensor[]
  readonly outputs: readonly SymbolicTensor[]
  readonly kwargs: Record<string, unknown>
}

interface Node {
  inputTensors: SymbolicTensor[]
  outputTensors: SymbolicTensor[]
  callArgs?: Record<string, unknown>
}

export const isContainer = (layer: Layer): layer is LayersModel =>
  'containerNodes' in layer && 'layers' in layer

/** Layers in the order in which they run, each call by itself, those of the input layers left out. */
export class Graph {
  readonly inputs: readonly SymbolicTensor[]
  readonly outputs: SymbolicTensor[]
  readonly calls: Call[]
  readonly #name: string

  constructor(given: LayersModel) {
    // A Sequential knows its nodes only once it is compiled; a model over the same tensors always does.
    const model = makeModel({ inputs: given.inputs, outputs: given.outputs })
    this.#name = given.name
    this.inputs = model.inputs
    this.outputs = [...model.outputs]
    const known = (model as unknown as { containerNodes: Set<string> }).containerNodes
    const byDepth = (model as unknown as { nodesByDepth: Record<string, Node[]> }).nodesByDepth
    const owners = new Map<Node, Layer>()
    for (const layer of model.layers)
      layer.inboundNodes.forEach((node, i) => {
        if (known.has(`${layer.name}_ib-${i}`)) owners.set(node as unknown as Node, layer)
      })
    const depths = Object.keys(byDepth)
      .map(Number)
      .toSorted((a, b) => b - a)
    const nodes = depths.flatMap((depth) => byDepth[depth])
    this.calls = nodes.flatMap((node) => {
      const layer = owners.get(node)
      if (!layer || layer.getClassName() === 'InputLayer') return []
      const { mask: _, ...kwargs } = node.callArgs ?? {}
      return [{ layer, inputs: [...node.inputTensors], outputs: node.outputTensors, kwargs }]
    })
  }

  /** The call that gives a tensor; undefined for an input of the model. */
  source(tensor: SymbolicTensor): Call | undefined {
    return this.calls.find(({ outputs }) => outputs.includes(tensor))
  }

  consumers(tensor: SymbolicTensor): Call[] {
    return this.calls.filter(({ inputs }) => inputs.includes(tensor))
  }

  isOutput(tensor: SymbolicTensor): boolean {
    return this.outputs.includes(tensor)
  }

  isShared(layer: Layer): boolean {
    return this.calls.filter((call) => call.layer === layer).length > 1
  }

  /** Takes a call of one input and one output out. */
  remove(call: Call): void {
    const [from, to] = [call.outputs[0], call.inputs[0]]
    this.calls.splice(this.calls.indexOf(call), 1)
    for (const each of this.calls)
      each.inputs.forEach((tensor, i) => tensor === from && (each.inputs[i] = to))
    this.outputs.forEach((tensor, i) => tensor === from && (this.outputs[i] = to))
  }

  /** A model of the calls as they are now: on the same inputs, of the same layers. */
  build(): LayersModel {
    const made = new Map<SymbolicTensor, SymbolicTensor>()
    const at = (tensor: SymbolicTensor) => made.get(tensor) ?? tensor
    for (const { layer, inputs, outputs, kwargs } of this.calls) {
      const given = inputs.map(at)
      const y = layer.apply(given.length > 1 ? given : given[0], kwargs as never) as
        | SymbolicTensor
        | SymbolicTensor[]
      ;[y].flat().forEach((tensor, i) => made.set(outputs[i], tensor))
    }
    return makeModel({ inputs: [...this.inputs], outputs: this.outputs.map(at), name: this.#name })
  }
}
