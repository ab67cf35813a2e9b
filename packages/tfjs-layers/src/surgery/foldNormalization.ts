import type { LayersModel } from '@tensorflow/tfjs-layers'
import { NormlabError, show } from '../errors.ts'
import { NormLayer } from '../layer.ts'
import { layers as ours } from '../layers.ts'
import { channelWise } from './affine.ts'
import { Graph, isContainer, type Call, type Layer } from './graph.ts'
import { intoSource, intoTarget } from './into.ts'
import { linearOf, remade, type LinearLayer } from './linear.ts'
import { sourceOf, targetsOf } from './neighbours.ts'
import { write } from './values.ts'

export interface Folding {
  /** Gives what the given model gives at inference, within rounding. */
  readonly model: LayersModel
  /** `all`: the layer is gone. `affine`: its gamma and beta are in the layers `into`, what is left of it divides. */
  readonly folded: readonly {
    readonly layer: string
    readonly into: readonly string[]
    readonly what: 'all' | 'affine'
  }[]
  /** Normalization layers that are as they were. */
  readonly kept: readonly { readonly layer: string; readonly reason: string }[]
}

/**
 * Folds inference BatchNormalization into the dense, convolution (1 to 3 axes, transposed too), depthwise or separable layer before it, else
 * into those after it; gamma and beta of LayerNormalization, RMSNormalization and other norms of each example into those after it.
 *
 * Folded is only what leaves the answer as it is: the layer between is applied once, its output goes nowhere else, no activation is in
 * between (dropout may be: it is the identity at inference), channels are the same axis on both sides. A BatchNormalization before a
 * convolution that pads stays: at the border its shift would be missing. Stock layers fold as well as this package's; so do those in nested
 * models. Layers that nothing is folded into are shared with the given model, which stays as it is.
 * @throws NormlabError naming `model`.
 */
export async function foldNormalization(model: LayersModel): Promise<Folding> {
  if (!model?.outputs?.length)
    throw new NormlabError('model', show(model), 'Give a tf.LayersModel that has layers')
  const folded: Folding['folded'][number][] = []
  const kept: Folding['kept'][number][] = []
  const graph = new Graph(model)
  await foldNested(graph, folded, kept)
  const linear = new Map<Layer, LinearLayer | undefined>()
  const linearAt = async (layer: Layer) => {
    if (!linear.has(layer)) linear.set(layer, await linearOf(layer))
    return linear.get(layer)
  }
  const changed = new Set<LinearLayer>()
  for (const call of [...graph.calls]) {
    const { layer } = call
    const rank = call.outputs[0].shape.length
    const what = await channelWise(layer, rank)
    if (what === undefined) continue
    const keep = (reason: string) => {
      if (!kept.some((each) => each.layer === layer.name)) kept.push({ layer: layer.name, reason })
    }
    if (typeof what === 'string') keep(what)
    else if (graph.isShared(layer)) keep('it is applied several times')
    else {
      const before =
        what.kind === 'whole'
          ? await sourceOf(graph, call, what, rank, linearAt)
          : 'it takes statistics of each example'
      if (typeof before !== 'string') {
        intoSource(before, what)
        changed.add(before)
        graph.remove(call)
        folded.push({ layer: layer.name, into: [before.layer.name], what: 'all' })
        continue
      }
      const after = await targetsOf(graph, call, what, rank, linearAt)
      if (typeof after === 'string') {
        keep(what.kind === 'whole' ? `before it: ${before}; after it: ${after}` : after)
        continue
      }
      for (const each of after) {
        intoTarget(each, what)
        changed.add(each)
      }
      folded.push({
        layer: layer.name,
        into: after.map((each) => each.layer.name),
        what: what.kind === 'whole' ? 'all' : 'affine',
      })
      if (what.kind === 'whole') graph.remove(call)
      else strip(call)
    }
  }
  const remake = new Map([...changed].map((each) => [each.layer, { each, made: remade(each) }]))
  for (const call of graph.calls) call.layer = remake.get(call.layer)?.made ?? call.layer
  const result = graph.build()
  for (const { each, made } of remake.values())
    [...each.kernels, each.bias!].forEach((value, i) => write(made.weights[i], value))
  return { model: result, folded, kept }
}

/** Nested models that something folds in, each once however often it is applied. */
async function foldNested(graph: Graph, folded: object[], kept: object[]): Promise<void> {
  const known = new Map<Layer, Layer>()
  for (const call of graph.calls) {
    const { layer } = call
    if (!isContainer(layer)) continue
    if (!known.has(layer)) {
      const inner = await foldNormalization(layer)
      const place = <T extends { layer: string }>(entry: T): T => ({
        ...entry,
        layer: `${layer.name}/${entry.layer}`,
      })
      folded.push(...inner.folded.map(place))
      kept.push(...inner.kept.map(place))
      known.set(layer, inner.folded.length ? inner.model : layer)
    }
    call.layer = known.get(layer)!
  }
}

/** The layer without gamma and beta. */
function strip(call: Call): void {
  const { layer } = call
  const { name, axis, epsilon } = layer.getConfig() as { name: string; axis: number; epsilon: number }
  const own = layer instanceof NormLayer ? layer.getConfig() : { name, axis, epsilon }
  const config = { ...own, center: false, scale: false } as Record<string, unknown>
  if (layer instanceof NormLayer && !layer.record.params.beta) delete config.center
  call.layer =
    layer instanceof NormLayer
      ? new (layer.constructor as new (given: object) => Layer)(config)
      : ours.layerNormalization(config)
}
