import { tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { NormlabError, show } from '../../errors.ts'
import { readArchive, type Archive } from '../archive.ts'
import type { Layer } from '../json.ts'
import { readLayer, type Reading } from './readModel.ts'
import { withoutStaleMasks } from './staleMasks.ts'
import { isContainer, placesOf } from './state.ts'

export interface FromKerasOptions {
  /** Told what is read otherwise than Keras has it, such as a regularizer that TensorFlow.js lacks. Default console.warn. */
  onWarning?: (message: string) => void
}

/**
 * A model of Keras 3 from the content of its `.keras` file, weights included. Its normalization and dropout layers are this
 * package's. Models are Sequential or functional, of any nesting; Python code (subclassed models, Lambda) cannot be read.
 * How it was compiled is left out: call `compile`.
 * @throws NormlabError naming what cannot be read; naming `h5wasm` or `fflate` where these optional peers are not installed.
 */
export async function fromKeras(bytes: Uint8Array, options: FromKerasOptions = {}): Promise<LayersModel> {
  const { onWarning = (message) => console.warn(message) } = options
  const archive = await readArchive(bytes)
  const reading: Reading = { warn: onWarning, classes: new Map(), shared: new Map() }
  const model = readLayer(archive.config, reading)
  if (!isContainer(model))
    throw new NormlabError(
      'bytes',
      `they hold a ${archive.config.class_name}`,
      'Give a Sequential or functional model',
    )
  loadVariables(model, archive, reading)
  return withoutStaleMasks(model)
}

function loadVariables(model: Layer, archive: Archive, { classes }: Reading): void {
  for (const { layer, path, own } of placesOf(model, (each) => classes.get(each) ?? unnamed(each))) {
    const at = located(path, layer.name, archive)
    for (const [key, variable] of own) {
      const place = `${at}/${key}`
      const stored = archive.variables.get(place)
      const wanted = variable.shape as number[]
      if (!stored)
        throw new NormlabError(
          'bytes',
          `no ${place} for ${show(variable.originalName)}`,
          `Give weights for layer ${show(layer.name)}`,
        )
      if (String(stored.shape) !== String(wanted))
        throw new NormlabError(
          'bytes',
          `${place} has shape ${show([...stored.shape])}`,
          `Layer ${show(layer.name)} wants ${show(wanted)}`,
        )
      tidy(() => void variable.write(tensor(stored.data, wanted, 'float32')))
    }
  }
}

/** Cells of a list, and the like: what is no operation has a class. */
function unnamed(layer: Layer): string | undefined {
  return layer.getClassName().endsWith('>Operation') ? undefined : layer.getClassName()
}

/** The place by class and order; where the file says names and another place of the kind has the layer's, that one. */
function located(path: string, name: string, { names }: Archive): string {
  const said = names.get(`${path}/vars`)
  if (said === undefined || said === name) return path
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const kind = path.slice(folder.length).replace(/_\d+$/, '')
  const found = [...names].find(
    ([at, each]) =>
      each === name &&
      at.startsWith(folder + kind) &&
      /^(_\d+)?\/vars$/.test(at.slice(folder.length + kind.length)),
  )
  return found ? found[0].slice(0, -'/vars'.length) : path
}
