/** Where a layer's activation function stands, and the value before it. */
import type { Tensor } from '@tensorflow/tfjs-core'
import {
  layers as stock,
  model as makeModel,
  RNN,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { NormlabError, show } from './errors.ts'

type Layer = stock.Layer
type Fused = Layer & { activation: { getClassName(): string } }

const ACTIVATION_LAYERS = ['Activation', 'ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'Softmax', 'ThresholdedReLU']

/** A layer of a model, as the recorder sees it. */
export interface Site {
  /** Of the layer, with the models that it is nested in before it: `encoder/dense_1`. */
  readonly name: string
  readonly layer: Layer
  readonly output: SymbolicTensor
  /** Axis of the units: the channels of a convolution, the last axis else. */
  readonly unitAxis: number
  readonly units: number
  /** `input` for an activation layer, `recompute` for a fused activation, `output` where there is no activation. */
  readonly pre: 'input' | 'recompute' | 'output'
}

const isFused = (layer: Layer): layer is Fused =>
  typeof (layer as Fused).activation?.getClassName === 'function' &&
  !ACTIVATION_LAYERS.includes(layer.getClassName())

const preOf = (layer: Layer): Site['pre'] => {
  if (ACTIVATION_LAYERS.includes(layer.getClassName())) return 'input'
  return isFused(layer) && layer.activation.getClassName() !== 'linear' ? 'recompute' : 'output'
}

const isModel = (layer: Layer): layer is LayersModel => 'containerNodes' in layer && 'layers' in layer

const isHidden = (layer: Layer): boolean =>
  layer instanceof RNN || 'forwardLayer' in layer || 'layer' in layer || 'layers' in layer

/** The places in this model where the layer is applied: one, unless it is shared. */
function nodesIn(model: LayersModel, layer: Layer): Layer['inboundNodes'] {
  const known = (model as unknown as { containerNodes: Set<string> }).containerNodes
  return layer.inboundNodes.filter((_, i) => known.has(`${layer.name}_ib-${i}`))
}

/** A layer, and the model that it is applied in. */
interface Placed {
  readonly name: string
  readonly layer: Layer
  readonly model: LayersModel
}

/** The layers of a model, and of models that are applied in it once. */
function placed(given: LayersModel, prefix = ''): Placed[] {
  // A Sequential knows its nodes only once it is compiled; a model over the same tensors always does.
  const model = makeModel({ inputs: given.inputs, outputs: given.outputs })
  return model.layers.flatMap((layer) => {
    const own = { name: prefix + layer.name, layer, model }
    const once = isModel(layer) && nodesIn(model, layer).length === 1
    return once ? [own, ...placed(layer, `${own.name}/`)] : [own]
  })
}

function layersOf(model: LayersModel): Placed[] {
  if (!model.outputs?.length)
    throw new NormlabError('model', 'it has no layers', 'Add layers, the first with an inputShape')
  return placed(model)
}

/**
 * The named layers; by default those with an activation function of their own that are applied once, nested ones too.
 * @throws NormlabError naming `layers`, or `model`.
 */
export function sitesOf(model: LayersModel, names?: readonly string[]): Site[] {
  const all = layersOf(model)
  if (!names)
    return all
      .filter(
        ({ layer, model: inner }) =>
          preOf(layer) !== 'output' && !isHidden(layer) && nodesIn(inner, layer).length === 1,
      )
      .map(siteOf)
  return names.map((name) => {
    const found = all.find((each) => each.name === name)
    if (!found)
      throw new NormlabError(
        'layers',
        `the model has no layer ${show(name)}`,
        `It has ${all.map((one) => one.name).join(', ')}`,
      )
    return siteOf(found)
  })
}

/** Layers with weights that are trained, models left out: each once, shared or not. */
export function weightedLayers(
  model: LayersModel,
  names?: readonly string[],
): { name: string; layer: Layer }[] {
  const seen = new Set<Layer>()
  return layersOf(model).filter(({ name, layer }) => {
    if (isModel(layer) || seen.has(layer) || layer.trainableWeights.length === 0) return false
    seen.add(layer)
    return !names || names.includes(name)
  })
}

function siteOf({ name, layer, model }: Placed): Site {
  const refuse = (what: string, remedy: string): never => {
    throw new NormlabError('layers', `${show(name)} ${what}`, remedy)
  }
  if (isHidden(layer))
    refuse(
      `is a ${layer.getClassName()}, whose activations are inside it`,
      'Name a layer that has one activation',
    )
  const nodes = nodesIn(model, layer)
  if (nodes.length !== 1)
    refuse(
      `is applied ${nodes.length} times`,
      'Name a layer that is applied once: a shared one has several values',
    )
  const [node] = nodes
  if (node.outputTensors.length !== 1 || node.inputTensors.length === 0)
    refuse('has no single input and output', 'Name another layer')
  const output = node.outputTensors[0]
  const channelsFirst = (layer as unknown as { dataFormat?: string }).dataFormat === 'channelsFirst'
  const unitAxis = channelsFirst ? 1 : output.shape.length - 1
  const units = output.shape[unitAxis]
  if (output.shape.length < 2 || units === null)
    refuse(`has outputs of shape ${show(output.shape)}`, 'Name a layer whose last axis is its units')
  return { name, layer, output, unitAxis, units: units!, pre: preOf(layer) }
}

let linear: Fused['activation'] | undefined

/** What the layer computes before its fused activation. The layer is as before when this returns or throws. */
export function preActivation(layer: Layer, input: Tensor, training: boolean): Tensor {
  linear ??= (stock.activation({ activation: 'linear' }) as unknown as Fused).activation
  const fused = layer as Fused
  const { activation } = fused
  fused.activation = linear
  try {
    return layer.call(input, { training }) as Tensor
  } finally {
    fused.activation = activation
  }
}

const smooth = (layer: Layer): boolean => {
  const name = ACTIVATION_LAYERS.includes(layer.getClassName())
    ? ((layer as Partial<Fused>).activation?.getClassName?.() ?? layer.getClassName())
    : (layer as Fused).activation?.getClassName?.()
  return name !== undefined && !/softmax/i.test(name) && name !== 'linear'
}

/** The activation function of a layer, element by element; undefined where it has none of the kind. */
export function activationOf(layer: Layer): ((z: Tensor) => Tensor) | undefined {
  if (!smooth(layer)) return undefined
  if (ACTIVATION_LAYERS.includes(layer.getClassName())) return (z) => layer.call(z, {}) as Tensor
  const { activation } = layer as unknown as { activation: { apply(z: Tensor): Tensor } }
  return (z) => activation.apply(z)
}
