/**
 * TensorFlow.js 4.22 runs all layers of a model with one object of arguments: the mask of one layer stays in it for those after
 * it that have none. Layers that get no mask are told to take none.
 */
import { RNN, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Layer } from '../json.ts'
import { isContainer } from './state.ts'

interface Node {
  readonly inputTensors: SymbolicTensor[]
}
type Call = Layer['call']

const makesMask = (layer: Layer): boolean =>
  layer.getClassName() === 'Masking' || Boolean((layer as unknown as { maskZero?: boolean }).maskZero)

/** The mask goes on to what comes after. */
const handsOn = (layer: Layer): boolean => {
  const recurrent = layer instanceof RNN || 'forwardLayer' in layer
  const { returnSequences } = layer as unknown as { returnSequences?: boolean }
  return layer.supportsMasking && (!recurrent || Boolean(returnSequences))
}

const inputsOf = (layer: Layer): SymbolicTensor[] =>
  layer.inboundNodes.flatMap((node) => (node as unknown as Node).inputTensors)

/** @returns the model. */
export function withoutStaleMasks(model: LayersModel): LayersModel {
  const known = new Map<Layer, boolean>()
  const isMasked = (layer: Layer): boolean =>
    inputsOf(layer).some(({ sourceLayer }) => givesMask(sourceLayer))
  const givesMask = (layer: Layer): boolean => {
    const before = known.get(layer)
    if (before !== undefined) return before
    known.set(layer, false)
    const gives = makesMask(layer) || (handsOn(layer) && isMasked(layer))
    known.set(layer, gives)
    return gives
  }
  const all = model.layers
  if (!all.some((layer) => makesMask(layer))) return model
  for (const layer of all) {
    if (isContainer(layer) || isMasked(layer)) continue
    const call = layer.call.bind(layer) as Call
    layer.call = (inputs, kwargs) => call(inputs, { ...kwargs, mask: undefined } as typeof kwargs)
  }
  return model
}
