/** The linear layers around a normalization that can take it. */
import { NoiseLayer } from '../noiseLayer.ts'
import type { ChannelWise } from './affine.ts'
import type { Call, Graph, Layer } from './graph.ts'
import type { LinearLayer } from './linear.ts'

/** The identity at inference, whatever the channels. */
const isIdentity = (layer: Layer): boolean => {
  const name = layer.getClassName()
  if (layer instanceof NoiseLayer) return !layer.record.infer
  if (name === 'Activation') return layer.getConfig().activation === 'linear'
  return /^(Dropout|SpatialDropout1D|GaussianDropout|GaussianNoise|AlphaDropout)$|>Identity$/.test(name)
}

type At = (layer: Layer) => Promise<LinearLayer | undefined>

const sameAxis = ({ channels }: LinearLayer, axis: number, rank: number): boolean =>
  (channels === -1 ? -1 : 1 - rank) === axis

/** The linear layer before; or the reason why it cannot take the norm. */
export async function sourceOf(
  graph: Graph,
  call: Call,
  what: ChannelWise,
  rank: number,
  at: At,
): Promise<LinearLayer | string> {
  let [tensor] = call.inputs
  for (;;) {
    const source = graph.source(tensor)
    if (!source) return 'it is applied to an input of the model'
    if (graph.consumers(tensor).length > 1 || graph.isOutput(tensor))
      return `the output of ${source.layer.name} goes elsewhere too`
    if (graph.isShared(source.layer)) return `${source.layer.name} is applied several times`
    if (isIdentity(source.layer)) {
      ;[tensor] = source.inputs
      continue
    }
    const linear = await at(source.layer)
    if (!linear) return `${source.layer.name} is not linear`
    return sameAxis(linear, what.axis, rank)
      ? linear
      : `${source.layer.name} has its channels on another axis`
  }
}

/** The linear layers after, all of them; or the reason why one cannot take it. */
export async function targetsOf(
  graph: Graph,
  call: Call,
  what: ChannelWise,
  rank: number,
  at: At,
): Promise<LinearLayer[] | string> {
  const targets: LinearLayer[] = []
  const tensors = [call.outputs[0]]
  while (tensors.length) {
    const tensor = tensors.pop()!
    if (graph.isOutput(tensor)) return 'its output is an output of the model'
    const consumers = graph.consumers(tensor)
    for (const next of consumers) {
      if (graph.isShared(next.layer)) return `${next.layer.name} is applied several times`
      if (isIdentity(next.layer)) {
        tensors.push(next.outputs[0])
        continue
      }
      const linear = await at(next.layer)
      if (!linear) return `${next.layer.name} is not linear`
      if (!sameAxis(linear, what.axis, rank)) return `${next.layer.name} has its channels on another axis`
      if (!linear.whole && what.shift.some((value) => value !== 0))
        return `${next.layer.name} pads, and at the border the shift would be missing`
      targets.push(linear)
    }
  }
  return targets.length ? targets : 'nothing takes its output'
}
