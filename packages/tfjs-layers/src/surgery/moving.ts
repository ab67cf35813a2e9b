/** Layers that keep a moving mean and variance of channels. */
import { varianceOf, type Moments } from '@normlab/core'
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers'
import { NormlabError, show } from '../errors.ts'
import { NormLayer } from '../layer.ts'
import { isContainer, type Layer } from './graph.ts'
import { weightName, write } from './values.ts'

export interface Target {
  readonly layer: Layer
  readonly axis: number
  readonly moving: readonly LayerVariable[]
}

/** Layers with a moving mean and variance of channels, nested ones too, each once. */
export function movingLayers(model: LayersModel, found = new Map<Layer, Target>()): Target[] {
  for (const layer of model.layers) {
    if (isContainer(layer)) movingLayers(layer, found)
    const stock = layer.getClassName() === 'BatchNormalization'
    const moving = layer.weights.filter((variable) => /^(moving|renorm)_/.test(weightName(variable)))
    const whole = ['moving_mean', 'moving_variance'].every((name) =>
      moving.some((each) => weightName(each) === name),
    )
    if (!whole || !(stock || layer instanceof NormLayer)) continue
    const { axis } = layer.getConfig() as { axis: number }
    found.set(layer, { layer, axis, moving })
  }
  return [...found.values()]
}

/** The named ones, or all. @throws NormlabError naming `model` or `layers`. */
export function chosen(all: Target[], names: readonly string[] | undefined): Target[] {
  if (all.length === 0)
    throw new NormlabError('model', 'it has no BatchNormalization', 'Give a model that has some')
  if (!names) return all
  return names.map((name) => {
    const target = all.find(({ layer }) => layer.name === name)
    if (!target)
      throw new NormlabError(
        'layers',
        show(name),
        `Those with moving statistics are ${all.map(({ layer }) => layer.name).join(', ')}`,
      )
    return target
  })
}

/** Writes them as the layer's statistics. */
export function set({ layer, moving }: Target, moments: Moments): void {
  const config = layer.getConfig() as { variance?: string; epsilon: number }
  const variance = varianceOf(moments, config.variance === 'unbiased' ? 'unbiased' : 'biased')
  const deviation = variance.map((value) => Math.sqrt(value + config.epsilon))
  const values: Record<string, Float64Array> = {
    moving_mean: moments.mean,
    moving_variance: variance,
    // Of Keras's renorm.
    moving_stddev: deviation,
    renorm_mean: moments.mean,
    renorm_stddev: deviation,
  }
  for (const variable of moving) {
    const data = values[weightName(variable)]
    if (data) write(variable, { data, shape: variable.shape as number[] })
  }
}
