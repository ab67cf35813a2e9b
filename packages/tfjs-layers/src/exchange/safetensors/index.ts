/** Weights to and from PyTorch: `@normlab/tfjs-layers/safetensors`. */
import { tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { NormlabError, show } from '../../errors.ts'
import type { Layer } from '../json.ts'
import { flattenedShape } from './flatten.ts'
import { decode, encode, type Named } from './format.ts'
import { countsBatches, slotsOf, transposed, type Slot } from './torch.ts'

export interface SafetensorsOptions {
  /** The name in the file of a weight that is called so here: `hidden.weight`. Default: the same. */
  rename?: (name: string) => string
  /**
   * A dense layer after Flatten of a convolution's output has its inputs here by position, in PyTorch by channel. Default true: they change places. False
   * where the model there flattens as here.
   */
  reorderFlattened?: boolean
}

export interface FromSafetensorsOptions extends SafetensorsOptions {
  /** Default true: the file must hold each weight of the model, and no other. False: what it holds of both. */
  strict?: boolean
}

interface Placed extends Slot {
  /** In the file. */
  readonly key: string
}

/**
 * The weights of a model as a `.safetensors` file, under PyTorch's names and in its layouts: `layer.weight` and `layer.bias` of dense layers, convolutions
 * and norms, `running_mean`, `running_var` and `num_batches_tracked` of BatchNorm, `model.layer.weight` of layers in nested models.
 * `load_state_dict(load_file(...))` takes it where the modules have the layers' names.
 *
 * PyTorch's `momentum` is 1 - momentum here. `num_batches_tracked` is 0: nothing here counts, and PyTorch reads it with `momentum=None` alone.
 * Statistics are written as they are kept: here biased, unless the layer says `variance: 'unbiased'`; PyTorch goes on with the unbiased variance of each
 * batch. Weights of layers that PyTorch has otherwise (recurrent ones, say) are written under their names here, as they are.
 * @throws NormlabError naming `model`.
 */
export async function toSafetensors(
  model: LayersModel,
  options: SafetensorsOptions = {},
): Promise<Uint8Array> {
  const tensors = new Map<string, Named>()
  const add = (key: string, value: Named) => {
    if (tensors.has(key))
      throw new NormlabError('rename', `two weights are called ${show(key)}`, 'Give each a name of its own')
    tensors.set(key, value)
  }
  const { slots, counts } = placesOf(model, options)
  for (const { key, variable, shape, at } of slots) {
    const here = await variable.read().data()
    add(key, { shape, data: Float32Array.from({ length: here.length }, (_, there) => here[at(there)]) })
  }
  for (const key of counts) add(key, { shape: [], data: BigInt64Array.of(0n) })
  return encode(tensors)
}

/**
 * Writes a `.safetensors` file's values into a model's weights. The file is PyTorch's, or `toSafetensors`'s; in float32, 64, 16 or bfloat16.
 * @throws NormlabError naming `bytes` where they are none or, unless `strict` is false, do not fit. The model is then as it was.
 */
export function fromSafetensors(
  model: LayersModel,
  bytes: Uint8Array,
  options: FromSafetensorsOptions = {},
): void {
  const { strict = true } = options
  const file = decode(bytes)
  const { slots, counts } = placesOf(model, options)
  const refuse = (got: string, remedy: string): never => {
    throw new NormlabError('bytes', got, remedy)
  }
  const missing = slots.filter(({ key }) => !file.has(key)).map(({ key }) => key)
  const known = new Set([...slots.map(({ key }) => key), ...counts])
  const extra = [...file.keys()].filter((key) => !known.has(key))
  if (strict && missing.length)
    refuse(
      `no ${missing.join(', ')}; there is ${extra.join(', ') || 'no other weight'}`,
      'Give rename, or strict: false',
    )
  if (strict && extra.length)
    refuse(`${extra.join(', ')}, which the model has not`, 'Give rename, or strict: false')
  const found = slots.filter(({ key }) => file.has(key))
  for (const { key, shape } of found)
    if (String(file.get(key)!.shape) !== String(shape))
      refuse(`${key} has shape ${show([...file.get(key)!.shape])}`, `The model's is ${show([...shape])}`)
  for (const { key, variable, at } of found) {
    const { data } = file.get(key)!
    const here = new Float32Array(data.length)
    data.forEach((value, there) => (here[at(there)] = Number(value)))
    tidy(() => void variable.write(tensor(here, variable.shape as number[], 'float32')))
  }
}

function placesOf(
  model: LayersModel,
  { rename = (name) => name, reorderFlattened = true }: SafetensorsOptions,
) {
  if (!model?.layers?.length)
    throw new NormlabError('model', show(model), 'Give a tf.LayersModel that has layers')
  const slots: Placed[] = []
  const counts: string[] = []
  const seen = new Set<Layer>()
  const walk = (layers: readonly Layer[], prefix: string): void => {
    for (const layer of layers) {
      if (seen.has(layer)) continue
      seen.add(layer)
      const name = prefix + layer.name
      const inner = (layer as unknown as { layers?: Layer[] }).layers
      if (inner) {
        walk(inner, `${name}.`)
        continue
      }
      for (const slot of slotsOf(layer)) {
        const own = reorderFlattened ? reordered(layer, slot) : slot
        slots.push({ ...own, key: rename(`${name}.${slot.name}`) })
      }
      if (countsBatches(layer)) counts.push(rename(`${name}.num_batches_tracked`))
    }
  }
  walk(model.layers, '')
  return { slots, counts }
}

/** The kernel of a dense layer, [out, in] there, with its inputs by channel. */
function reordered(layer: Layer, slot: Slot): Slot {
  const shape = slot.name === 'weight' ? flattenedShape(layer) : undefined
  if (!shape) return slot
  const n = shape.length - 1
  const inputs = transposed(shape, [n, ...shape.slice(0, n).map((_, i) => i)])
  const count = slot.shape[1]
  return { ...slot, at: (there) => slot.at(Math.floor(there / count) * count + inputs.at(there % count)) }
}
