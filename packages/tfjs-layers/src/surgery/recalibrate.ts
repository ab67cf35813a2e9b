import { mergeMoments, momentsOf, type Moments, type Tensor } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { NormlabError, show } from '../errors.ts'
import { NormLayer } from '../layer.ts'
import { walks, type Batches } from './batches.ts'
import type { Layer } from './graph.ts'
import { chosen, movingLayers, set, type Target } from './moving.ts'
import { asTensor } from './values.ts'

export interface RecalibrateOptions {
  /** Default: all BatchNormalization layers. Names of those to recompute. */
  layers?: readonly string[]
  /** Examples at a time, where the dataset is one tensor. Default 32. It does not change the result. */
  batchSize?: number
  /** Told after each batch. One pass goes through the data for one layer. */
  onProgress?: (progress: { layer: string; pass: number; passes: number; batch: number }) => void
  /** Stops it: the promise rejects with the signal's reason, and all statistics are what they were. */
  signal?: AbortSignal
}

export interface Recalibrated {
  readonly layer: string
  /** Values that the statistics of a channel are taken of. */
  readonly count: number
}

type Call = Layer['call']
/** Ends a forward whose rest is of no account. */
class Seen extends Error {}

/**
 * Sets moving mean and variance of the model's BatchNormalization layers, stock ones and this package's, to the exact statistics of what
 * reaches them over the whole dataset.
 *
 * One layer after another, in the order in which they run: the mean and variance of a layer are those of all its inputs, one value an
 * example and position, while every layer before it runs as at inference, with the statistics that were just recomputed. So they depend
 * neither on order nor size of the batches, nor on a momentum, and dropout is the identity: a second run changes nothing but by rounding. (Precise BatchNorm, Wu & Johnson
 * 2021, https://arxiv.org/abs/2105.07576, takes batch statistics in the layers before.) The data is gone through once a layer, the forward
 * only as far as that layer. A mask leaves elements out, as it does in training. Variance is biased, or unbiased where the layer says so.
 * A layer that is applied several times gets the statistics of all its inputs together, taken with those that it had.
 * @throws NormlabError naming `model`, `dataset` or the option.
 */
export async function recalibrate(
  model: LayersModel,
  dataset: Batches,
  options: RecalibrateOptions = {},
): Promise<readonly Recalibrated[]> {
  const { batchSize = 32, onProgress, signal, layers: names } = options
  if (!model?.outputs?.length)
    throw new NormlabError('model', show(model), 'Give a tf.LayersModel that has layers')
  if (!(Number.isInteger(batchSize) && batchSize > 0))
    throw new NormlabError('batchSize', show(batchSize), 'Give a positive integer')
  const walk = walks(dataset, batchSize)
  const targets = chosen(movingLayers(model), names)
  const before = targets.map(({ moving }) => moving.map((variable) => tf.clone(variable.read())))
  const order = await calls(model, targets, walk)
  const result: Recalibrated[] = []
  try {
    for (const [i, { target, times }] of order.entries()) {
      let moments: Moments | undefined
      let batch = 0
      for await (const inputs of walk()) {
        signal?.throwIfAborted()
        for (const each of await observed(model, target.layer, times, inputs)) {
          const own = momentsOf(each.x, 'n s c -> c', {
            axis: target.axis,
            ...(each.weights ? { weights: each.weights } : {}),
          })
          moments = moments ? mergeMoments(moments, own) : own
        }
        onProgress?.({ layer: target.layer.name, pass: i + 1, passes: order.length, batch: ++batch })
      }
      if (!moments) throw new NormlabError('dataset', 'it has no batches', 'Give at least one')
      signal?.throwIfAborted()
      set(target, moments)
      result.push({ layer: target.layer.name, count: moments.count[0] })
    }
  } catch (error) {
    targets.forEach(({ moving }, i) => moving.forEach((variable, j) => variable.write(before[i][j])))
    throw error
  } finally {
    tf.dispose(before)
  }
  return result
}

/** The targets in the order in which they run, with how often they do: from the first batch. */
async function calls(model: LayersModel, targets: Target[], walk: ReturnType<typeof walks>) {
  for await (const inputs of walk()) {
    const order: Layer[] = []
    const restore = targets.map(({ layer }) =>
      intercept(layer, (call) => (...args) => {
        order.push(layer)
        return call(...args)
      }),
    )
    try {
      run(model, inputs)
    } finally {
      restore.forEach((undo) => undo())
    }
    return [...new Set(order)].map((layer) => ({
      target: targets.find((target) => target.layer === layer)!,
      times: order.filter((each) => each === layer).length,
    }))
  }
  throw new NormlabError('dataset', 'it has no batches', 'Give at least one')
}

function intercept(layer: Layer, wrap: (call: Call) => Call): () => void {
  const had = Object.hasOwn(layer, 'call')
  const call = layer.call
  layer.call = wrap(call.bind(layer) as Call)
  return () => {
    if (had) layer.call = call
    else delete (layer as { call?: Call }).call
  }
}

function run(model: LayersModel, inputs: tf.Tensor[] | Readonly<Record<string, tf.Tensor>>): void {
  tf.tidy(() => {
    const list = Array.isArray(inputs) ? inputs : model.inputNames.map((name) => inputs[name])
    if (list.length !== model.inputs.length || list.some((x) => !x))
      throw new NormlabError(
        'dataset',
        `a batch of ${list.length} inputs`,
        `The model has ${model.inputNames.join(', ')}`,
      )
    model.predictOnBatch(list.length > 1 ? list : list[0])
  })
}

/** What reaches the layer in one batch, with 0 for elements that its mask leaves out. */
async function observed(
  model: LayersModel,
  layer: Layer,
  times: number,
  inputs: tf.Tensor[] | Readonly<Record<string, tf.Tensor>>,
): Promise<{ x: Tensor; weights?: Tensor }[]> {
  const seen: { x: tf.Tensor; mask?: tf.Tensor }[] = []
  const undo = intercept(layer, (call) => (given, kwargs) => {
    const [x] = [given].flat()
    const mask = [kwargs?.mask as unknown as tf.Tensor | null | undefined].flat()[0]
    seen.push({ x: tf.keep(tf.clone(x)), ...(mask ? { mask: tf.keep(tf.clone(mask)) } : {}) })
    if (seen.length === times) throw new Seen()
    return call(given, kwargs)
  })
  try {
    run(model, inputs)
  } catch (error) {
    if (!(error instanceof Seen)) throw error
  } finally {
    undo()
  }
  try {
    return await Promise.all(
      seen.map(async ({ x, mask }) => {
        const values = await asTensor(x)
        const masks = mask && layer instanceof NormLayer && layer.record.weights
        return masks ? { x: values, weights: spread(await asTensor(mask), values) } : { x: values }
      }),
    )
  } finally {
    tf.dispose(seen.flatMap(({ x, mask }) => (mask ? [x, mask] : [x])))
  }
}

/** A mask is x's shape without its last axis. */
function spread({ data }: Tensor, { shape }: Tensor): Tensor {
  const features = shape.at(-1)!
  return {
    data: Float64Array.from({ length: data.length * features }, (_, i) => data[Math.floor(i / features)]),
    shape,
  }
}
