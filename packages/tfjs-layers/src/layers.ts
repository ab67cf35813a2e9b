/** A class and a factory for every record of core that acts on activations. */
import { parsePattern, variants, type Noise } from '@normlab/core'
import { serialization } from '@tensorflow/tfjs-core'
import type { ConfigOf, FactoryName, LayerName, Variant } from './config.ts'
import { NormLayer, type AnyNorm } from './layer.ts'
import { factoryName, layerName, PACKAGE } from './names.ts'
import { NoiseLayer } from './noiseLayer.ts'

export type LayerOf<R extends Variant> = R extends { readonly kind: 'noise' } ? NoiseLayer : NormLayer

/** One factory a record. The config's type follows from the record. */
export type Layers = {
  readonly [R in Variant as FactoryName<LayerName<R['name']>>]: (config?: ConfigOf<R>) => LayerOf<R>
}

type LayerClass = { new (config?: object): NormLayer | NoiseLayer; readonly className: string }

/** tfjs finds a class by its static className: each record needs one of its own. */
function classFor(record: Variant): LayerClass {
  const name = layerName(record.name)
  const made =
    record.kind === 'noise'
      ? class extends NoiseLayer {
          static readonly className = `${PACKAGE}>${name}`
          constructor(config?: object) {
            super(record as unknown as Noise, name, config)
          }
        }
      : class extends NormLayer {
          static readonly className = `${PACKAGE}>${name}`
          constructor(config?: object) {
            super(record as unknown as AnyNorm, name, config)
          }
        }
  Object.defineProperty(made, 'name', { value: name })
  return made
}

/** Records over weights (no batch axis) are for weight wrappers, not for layers. */
const ofActivations = (variant: Variant): boolean => {
  const pattern = variant.kind === 'noise' ? variant.mask : variant.stats
  return pattern === null || parsePattern(pattern).axes.some(({ name }) => name === 'n')
}

/** The classes by name: `GroupNormalization` and so on. */
export const layerClasses: Readonly<Record<string, LayerClass>> = Object.fromEntries(
  variants.filter(ofActivations).map((record) => [layerName(record.name), classFor(record)]),
)

export const layers = Object.fromEntries(
  Object.entries(layerClasses).map(([name, Class]) => [
    factoryName(name),
    (config?: object) => new Class(config),
  ]),
) as unknown as Layers

/** Lets tf.loadLayersModel find the classes. */
export function register(): void {
  for (const [name, Class] of Object.entries(layerClasses))
    serialization.registerClass(
      Class as unknown as serialization.SerializableConstructor<NormLayer>,
      PACKAGE,
      name,
    )
}
