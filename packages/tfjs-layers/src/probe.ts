/** Runs a model on a fixed batch and reads layers' values before and after their activation. Leaves no trace in the model. */
import * as tf from '@tensorflow/tfjs-core'
import { model as makeModel, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { preActivation, type Site } from './activations.ts'
import { NoiseLayer } from './noiseLayer.ts'

export type Side = 'pre' | 'post'

export interface SideValues {
  readonly site: Site
  readonly side: Side
  readonly data: Float32Array
  readonly shape: number[]
}

/** A function that gives the values of all sites at once. It holds no tensor. */
export function prober(
  model: LayersModel,
  sites: readonly Site[],
  sides: readonly Side[],
  training: boolean,
): (probe: tf.Tensor | tf.Tensor[]) => Promise<SideValues[]> {
  const outputs: SymbolicTensor[] = []
  const slot = (tensor: SymbolicTensor): number => {
    const at = outputs.indexOf(tensor)
    return at < 0 ? outputs.push(tensor) - 1 : at
  }
  const plans = sites.flatMap((site) =>
    sides.map((side) => {
      const recompute = side === 'pre' && site.pre === 'recompute'
      const from = side === 'post' || site.pre === 'output' ? site.output : site.input
      return { site, side, recompute, at: slot(from) }
    }),
  )
  const inner = makeModel({ inputs: model.inputs, outputs })
  return async (probe) => {
    const restore = training ? remember(model) : undefined
    let values: tf.Tensor[] = []
    try {
      values = tf.tidy(() => {
        const result = inner.apply(probe, { training })
        const fetched = (Array.isArray(result) ? result : [result]) as tf.Tensor[]
        return plans.map(({ site, recompute, at }) =>
          recompute ? preActivation(site.layer, fetched[at], training) : tf.clone(fetched[at]),
        )
      })
    } finally {
      restore?.()
    }
    try {
      const arrays = await Promise.all(values.map((value) => value.data<'float32'>()))
      return plans.map(({ site, side }, i) => ({
        site,
        side,
        data: Float32Array.from(arrays[i]),
        shape: values[i].shape,
      }))
    } finally {
      tf.dispose(values)
    }
  }
}

/** Takes down what a training call changes, and gives back the function that restores it. */
function remember(model: LayersModel): () => void {
  const saved = model.layers.flatMap((layer) =>
    layer.nonTrainableWeights.map((weight) => ({ weight, value: tf.clone(weight.read()) })),
  )
  const steps = model.layers.flatMap((layer) =>
    layer instanceof NoiseLayer ? [{ layer, step: layer.step }] : [],
  )
  return () => {
    for (const { weight, value } of saved) {
      weight.write(value)
      value.dispose()
    }
    for (const { layer, step } of steps) layer.step = step
  }
}
