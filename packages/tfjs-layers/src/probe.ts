/** Runs a model on a fixed batch and reads layers' values before and after their activation. Leaves no trace in the model. */
import * as tf from '@tensorflow/tfjs-core'
import { model as makeModel, type layers, type LayersModel } from '@tensorflow/tfjs-layers'
import type { Side } from '@normlab/core'
import { activationOf, preActivation, type Site } from './activations.ts'
import { NoiseLayer } from './noiseLayer.ts'

export type { Side } from '@normlab/core'
type Layer = layers.Layer
type Call = Layer['call']
type Tensors = tf.Tensor | tf.Tensor[]

export interface SideValues {
  readonly site: Site
  readonly side: Side
  readonly data: Float32Array
  readonly shape: number[]
}

/** Size of a layer's slope, value by value, and its length in weights. */
export interface Reading {
  readonly values: readonly SideValues[]
  /** Slope of the activation function at each value, by site. */
  readonly slopes: ReadonlyMap<Site, Float32Array>
  /** Length of the gradient with respect to the weights, by layer. Empty without targets. */
  readonly gradientNorms: ReadonlyMap<Layer, number>
}

export interface Probing {
  readonly sites: readonly Site[]
  /** Layers whose weights' gradients are measured. */
  readonly weighted: readonly Layer[]
  readonly sides: readonly Side[]
  readonly training: boolean
  readonly slopes: boolean
}

/** Loss of the model's outputs, a scalar. */
export type Loss = (outputs: tf.Tensor[], targets: tf.Tensor[]) => tf.Tensor

/** A function that gives the values of all sites at once. It holds no tensor. */
export function prober(
  model: LayersModel,
  { sites, weighted, sides, training, slopes }: Probing,
): (probe: Tensors, targets?: { values: tf.Tensor[]; loss: Loss }) => Promise<Reading> {
  const inner = makeModel({ inputs: model.inputs, outputs: model.outputs })
  const run = (probe: Tensors) => [inner.apply(probe, { training }) as Tensors].flat()
  return async (probe, targets) => {
    const restore = training ? remember(model) : undefined
    const seen: Seen[] = []
    const plans: { site: Site; side: Side | 'slope'; value: tf.Tensor }[] = []
    let norms: { layers: Layer[]; value: tf.Tensor } | undefined
    try {
      capture(sites, seen, () => tf.tidy(() => void run(probe)))
      tf.tidy(() => {
        for (const one of seen)
          for (const side of sides)
            if (side !== 'gradient') plans.push({ site: one.site, side, value: valueOf(one, side, training) })
        if (slopes) for (const one of seen) plans.push(...slopeOf(one, training))
        for (const { value } of plans) tf.keep(value)
      })
      if (targets) {
        const found = gradients(seen, weighted, run, probe, targets)
        norms = found.norms
        if (sides.includes('gradient'))
          plans.push(...found.taps.map((tap) => ({ ...tap, side: 'gradient' as const })))
        else tf.dispose(found.taps.map(({ value }) => value))
      }
    } finally {
      restore?.()
      tf.dispose(seen.flatMap(({ input, output }) => [input, output]))
    }
    try {
      const arrays = await Promise.all(plans.map(({ value }) => value.data<'float32'>()))
      const lengths = norms ? await norms.value.data<'float32'>() : []
      const of = (wanted: (side: Side | 'slope') => boolean) =>
        plans.flatMap((plan, i) =>
          wanted(plan.side) ? [{ ...plan, data: Float32Array.from(arrays[i]) }] : [],
        )
      return {
        values: of((side) => side !== 'slope').map(({ site, side, data, value }) => ({
          site,
          side: side as Side,
          data,
          shape: value.shape,
        })),
        slopes: new Map(of((side) => side === 'slope').map(({ site, data }) => [site, data])),
        gradientNorms: new Map(norms?.layers.map((layer, i) => [layer, lengths[i]])),
      }
    } finally {
      tf.dispose([...plans.map(({ value }) => value), ...(norms ? [norms.value] : [])])
    }
  }
}

interface Seen {
  readonly site: Site
  readonly input: tf.Tensor
  readonly output: tf.Tensor
}

/** Each call of a site's layer goes through `wrap` while `task` runs. */
function during(sites: readonly Site[], wrap: (site: Site, call: Call) => Call, task: () => void): void {
  const undo = sites.map((site) => {
    const { layer } = site
    const had = Object.hasOwn(layer, 'call')
    const call = layer.call
    layer.call = wrap(site, call.bind(layer) as Call)
    return () => {
      if (had) layer.call = call
      else delete (layer as { call?: Call }).call
    }
  })
  try {
    task()
  } finally {
    undo.forEach((one) => one())
  }
}

function capture(sites: readonly Site[], seen: Seen[], task: () => void): void {
  const wrap =
    (site: Site, call: Call): Call =>
    (inputs, kwargs) => {
      const output = call(inputs, kwargs)
      const [x] = [inputs].flat()
      const [y] = [output].flat()
      seen.push({ site, input: tf.keep(tf.clone(x)), output: tf.keep(tf.clone(y)) })
      return output
    }
  during(sites, wrap, task)
  // In the order of the sites: nested models run in another.
  seen.sort((a, b) => sites.indexOf(a.site) - sites.indexOf(b.site))
}

function valueOf({ site, input, output }: Seen, side: Side, training: boolean): tf.Tensor {
  if (side === 'post' || site.pre === 'output') return tf.clone(output)
  return site.pre === 'recompute' ? preActivation(site.layer, input, training) : tf.clone(input)
}

function slopeOf(seen: Seen, training: boolean): { site: Site; side: 'slope'; value: tf.Tensor }[] {
  const apply = activationOf(seen.site.layer)
  if (!apply) return []
  return [{ site: seen.site, side: 'slope', value: tf.grad(apply)(valueOf(seen, 'pre', training)) }]
}

interface Gradients {
  taps: { site: Site; value: tf.Tensor }[]
  norms: { layers: Layer[]; value: tf.Tensor } | undefined
}

/** Gradients with respect to the sites' outputs, and lengths of those with respect to layers' weights. */
function gradients(
  seen: readonly Seen[],
  weighted: readonly Layer[],
  run: (probe: Tensors) => tf.Tensor[],
  probe: Tensors,
  { values, loss }: { values: tf.Tensor[]; loss: Loss },
): Gradients {
  // Zeros that are added to what comes out of a layer: their gradient is its gradient.
  const taps = new Map(
    seen.map(({ site, output }) => [site, tf.tidy(() => tf.variable(tf.zerosLike(output)))]),
  )
  const weights = weighted.map((layer) =>
    layer.trainableWeights.map((weight) => weight.read() as tf.Variable),
  )
  const wrap =
    (site: Site, call: Call): Call =>
    (inputs, kwargs) => {
      const output = call(inputs, kwargs)
      return Array.isArray(output) ? output : tf.add(output, taps.get(site)!)
    }
  const found: Gradients = { taps: [], norms: undefined }
  try {
    tf.tidy(() => {
      let grads: Record<string, tf.Tensor> = {}
      during([...taps.keys()], wrap, () => {
        const all = [...taps.values(), ...weights.flat()]
        const result = tf.variableGrads(() => tf.sum(loss(run(probe), values)) as tf.Scalar, all)
        ;({ grads } = result)
      })
      const of = (variable: tf.Variable) => grads[variable.name]
      const lengths = weights.map((list) =>
        tf.sqrt(tf.addN(list.map((w) => (of(w) ? tf.sum(tf.square(of(w))) : tf.scalar(0))))),
      )
      found.taps = [...taps].flatMap(([site, tap]) => (of(tap) ? [{ site, value: tf.keep(of(tap)) }] : []))
      if (lengths.length) found.norms = { layers: [...weighted], value: tf.keep(tf.stack(lengths)) }
    })
    return found
  } finally {
    tf.dispose([...taps.values()])
  }
}

/** All layers, those of nested models too. */
const allLayers = (model: LayersModel): Layer[] =>
  model.layers.flatMap((layer) => ('containerNodes' in layer ? allLayers(layer as LayersModel) : [layer]))

/** Takes down what a training call changes, and gives back the function that restores it. */
function remember(model: LayersModel): () => void {
  const all = allLayers(model)
  const saved = all.flatMap((layer) =>
    layer.nonTrainableWeights.map((weight) => ({ weight, value: tf.clone(weight.read()) })),
  )
  const steps = all.flatMap((layer) => (layer instanceof NoiseLayer ? [{ layer, step: layer.step }] : []))
  return () => {
    for (const { weight, value } of saved) {
      weight.write(value)
      value.dispose()
    }
    for (const { layer, step } of steps) layer.step = step
  }
}
