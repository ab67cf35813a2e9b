/**
 * `import '@normlab/tfjs-layers/drop-in'`: `tf.layers.batchNormalization` and its relatives make our layers, and models
 * from Keras 2 and Keras 3 load with them. `restore()` undoes it.
 */
import { serialization } from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import './index.ts'
import { kerasModelConfig } from './kerasConfig.ts'
import { redirect } from './redirect.ts'
import { keepOnTapeOnly } from './rnnStates.ts'
import { kerasStandIns, stockStandIns, type StandIn } from './standIns.ts'

export { kerasTopology } from './kerasConfig.ts'

const factories: Readonly<Record<keyof typeof stockStandIns, (config: never) => layers.Layer>> = {
  BatchNormalization: layers.batchNormalization,
  LayerNormalization: layers.layerNormalization,
  Dropout: layers.dropout,
  SpatialDropout1D: layers.spatialDropout1d,
  GaussianNoise: layers.gaussianNoise,
  GaussianDropout: layers.gaussianDropout,
  AlphaDropout: layers.alphaDropout,
}

type Entry = [serialization.SerializableConstructor<serialization.Serializable>, FromConfig]
type FromConfig = serialization.FromConfigMethod<serialization.Serializable>

let undo: (() => void)[] = []

/** Registers `entry` as a class of this name, and remembers what stood there. */
function enter(name: string, entry: Entry): void {
  const { classNameMap } = serialization.SerializationMap.getMap()
  const before = classNameMap[name]
  classNameMap[name] = entry
  undo.push(() => {
    if (before) classNameMap[name] = before
    else delete classNameMap[name]
  })
}

/** Models read configs of Keras 3 too; what tfjs can read comes out of it as it was. */
function enterModel(name: string): void {
  const [cls, fromConfig] = serialization.SerializationMap.getMap().classNameMap[name]
  const read = ((given: typeof cls, config: serialization.ConfigDict, ...more: [never, never]) => {
    const { customObjects, ...own } = Array.isArray(config) ? { layers: config } : config
    const translated = kerasModelConfig(name, own) as serialization.ConfigDict
    return (fromConfig as (...args: unknown[]) => serialization.Serializable)(
      given,
      customObjects === undefined ? translated : { ...translated, customObjects },
      ...more,
    )
  }) as FromConfig
  enter(name, [cls, read])
}

/** Does what importing this module does. Twice is once. */
export function install(): void {
  if (undo.length) return
  const stock = Object.entries(factories).map(([name, make]) => {
    // A name of its own leaves tfjs's counter of layers where it is.
    const { constructor } = make({ name: `normlab_probe_${name}`, rate: 0, stddev: 0 } as never)
    return [constructor as unknown as StandIn, stockStandIns[name]] as const
  })
  undo.push(redirect(layers.Layer as never, new Map(stock)))
  for (const [name, Class] of Object.entries(kerasStandIns))
    enter(name, [
      Class as unknown as Entry[0],
      ((cls: typeof Class, config: Record<string, unknown>) => new cls(config)) as unknown as FromConfig,
    ])
  for (const name of ['Functional', 'Model', 'Sequential']) enterModel(name)
  undo.push(keepOnTapeOnly())
}

/** tf.layers and the loading of models are tfjs's own again; layers that were made stay as they are. */
export function restore(): void {
  for (const task of undo.toReversed()) task()
  undo = []
}

install()
