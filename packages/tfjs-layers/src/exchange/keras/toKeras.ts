import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers'
import { NormlabError, show } from '../../errors.ts'
import { writeArchive, type Stored } from '../archive.ts'
import type { Layer } from '../json.ts'
import { hardSigmoidScale } from './hardSigmoid.ts'
import { isContainer, isSpectral, placesOf } from './state.ts'
import { isNoise, isNorm } from './writeConfig.ts'
import { writeLayer, type Writing } from './writeModel.ts'

export interface ToKerasOptions {
  /** Told which layers Keras does not have, and what else it reads otherwise. Default console.warn. */
  onWarning?: (message: string) => void
}

/**
 * The content of a `.keras` file that Keras 3 opens with `keras.models.load_model`: config and weights. Layers that Keras
 * has are written as its own (InstanceNormalization as GroupNormalization(groups=-1)); the others as custom objects
 * registered as `normlab>Name`, which `fromKeras` reads back. How the model was compiled is left out.
 * @throws NormlabError naming what cannot be written; naming `h5wasm` or `fflate` where these optional peers are not installed.
 */
export async function toKeras(model: LayersModel, options: ToKerasOptions = {}): Promise<Uint8Array> {
  const { onWarning = (message) => console.warn(message) } = options
  if (!isContainer(model) || !model.outputs?.length)
    throw new NormlabError('model', show(model), 'Give a tf.LayersModel that has layers and an inputShape')
  const writing: Writing = { warn: onWarning, classes: new Map() }
  const config = writeLayer(model, writing)
  const variables = new Map<string, Stored>()
  const names = new Map<string, string>()
  for (const { layer, path, own } of placesOf(model, (each) => writing.classes.get(each))) {
    const at = (key: string) => (path ? `${path}/${key}` : key)
    names.set(at('vars'), layer.name)
    for (const [key, variable] of own) variables.set(at(key), await stored(layer, variable))
    if (isSpectral(layer)) {
      const { layer: inner } = layer as unknown as { layer: Layer }
      variables.set(at('vars/0'), await stored(inner, inner.weights[0]))
    }
    for (const [key, value] of added(layer, writing)) variables.set(at(key), value)
  }
  return writeArchive({ config, metadata: metadata(), variables, names })
}

async function stored(layer: Layer, variable: LayerVariable): Promise<Stored> {
  const shape = variable.shape as number[]
  const data = Float32Array.from(await variable.read().data())
  const scale = hardSigmoidScale(layer, variable, shape)
  return { data: scale ? data.map((value, i) => value * scale(i)) : data, shape }
}

/** Variables that Keras's layer has and ours has not. */
function* added(layer: Layer, { classes }: Writing): Generator<[string, Stored]> {
  // Keras 3 before 3.10 looks for the state of a noise layer's generator.
  if (isNoise(layer)) {
    const { seed } = layer as unknown as { seed?: number | null }
    yield ['seed_generator/vars/0', { data: Uint32Array.of(seed ?? 0, 0), shape: [2] }]
  }
  if (isNorm(layer) && classes.get(layer) === 'RMSNormalization' && layer.weights.length === 0) {
    const shape = layer.inboundNodes[0].inputShapes[0] as number[]
    const sizes = [layer.axis].flat().map((axis) => shape.at(axis)!)
    yield ['vars/0', { data: new Float32Array(sizes.reduce((a, b) => a * b, 1)).fill(1), shape: sizes }]
  }
}

/** The version whose form this is. */
const metadata = () => ({
  keras_version: '3.15.1',
  date_saved: new Date().toISOString().slice(0, 19).replace('T', '@'),
})
