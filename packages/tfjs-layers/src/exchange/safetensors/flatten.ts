/** Flatten puts positions before channels here, and channels first in PyTorch: a dense layer after it has its inputs in another order. */
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Layer } from '../json.ts'

interface Node {
  readonly inputTensors: SymbolicTensor[]
}
const before = (layer: Layer): SymbolicTensor | undefined => {
  const nodes = layer.inboundNodes as unknown as Node[]
  return nodes.length ? nodes[0].inputTensors[0] : undefined
}

/** Shape that a dense layer's input had before it was flattened, positions and channels; undefined where none was, or of no convolution. */
export function flattenedShape(layer: Layer): number[] | undefined {
  if (layer.getClassName() !== 'Dense') return undefined
  let tensor = before(layer)
  for (; tensor; tensor = before(tensor.sourceLayer)) {
    const source = tensor.sourceLayer
    if (source.getClassName() === 'Flatten') break
    // What leaves the features in their order.
    if (!/^(Dropout|Activation|ReLU|.*>.*Dropout)$/.test(source.getClassName())) return undefined
  }
  if (!tensor) return undefined
  const flatten = tensor.sourceLayer as Layer & { dataFormat?: string }
  const shape = before(flatten)?.shape.slice(1) as (number | null)[] | undefined
  if (!shape || shape.length < 2 || shape.includes(null) || flatten.dataFormat === 'channelsFirst')
    return undefined
  return afterConvolution(flatten) ? (shape as number[]) : undefined
}

/** A convolution, or a model that may hold one, is somewhere before it. */
function afterConvolution(layer: Layer, seen = new Set<Layer>()): boolean {
  if (seen.has(layer)) return false
  seen.add(layer)
  return (layer.inboundNodes as unknown as Node[]).some(({ inputTensors }) =>
    inputTensors.some(({ sourceLayer }) => {
      const config = sourceLayer.getConfig() as { dataFormat?: string }
      const convolves = /Conv\dD/.test(sourceLayer.getClassName()) && config.dataFormat !== 'channelsFirst'
      return (
        convolves ||
        (sourceLayer as unknown as LayersModel).layers !== undefined ||
        afterConvolution(sourceLayer, seen)
      )
    }),
  )
}
