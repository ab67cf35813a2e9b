/** A class and a factory for every record of core that acts on activations. */
import { parsePattern, variants, type AnyNorm, type Noise } from '@normlab/core'
import { serialization } from '@tensorflow/tfjs-core'
import type {
  ConfigOf,
  FactoryName,
  LayerName,
  LayerVariant,
  Variant,
  OfWeights,
  PatternOf,
  WeightConfigOf,
  WeightVariant,
} from './config.ts'
import { NormLayer } from './layer.ts'
import { factoryName, layerName, PACKAGE } from './names.ts'
import { NoiseLayer } from './noiseLayer.ts'
import { WeightLayer } from './weightLayer.ts'

export type LayerOf<R extends Variant> = R extends { readonly kind: 'noise' } ? NoiseLayer : NormLayer

/** One factory a record. The config's type follows from the record. */
export type Layers = {
  readonly [R in LayerVariant as FactoryName<LayerName<R['name']>>]: (config?: ConfigOf<R>) => LayerOf<R>
} & {
  readonly [R in WeightVariant as FactoryName<LayerName<R['name']>>]: (
    config: WeightConfigOf<R>,
  ) => WeightLayer
}

export interface LayerClass<
  L extends NormLayer | NoiseLayer | WeightLayer = NormLayer | NoiseLayer | WeightLayer,
> {
  new (config?: object): L
  readonly className: string
}

/**
 * The layer class of a record, one of core's or your own. tfjs finds a class by its static className, so each record
 * needs one of its own. Give it to tf.serialization.registerClass if models with it are to be loaded.
 */
export function defineLayer<R extends AnyNorm | Noise>(
  record: R,
): LayerClass<
  OfWeights<PatternOf<R>> extends true ? WeightLayer : R extends { kind: 'noise' } ? NoiseLayer : NormLayer
>
export function defineLayer(record: AnyNorm | Noise): LayerClass {
  const name = layerName(record.name)
  const className = `${PACKAGE}>${name}`
  const made = !ofActivations(record)
    ? weightClass(record, name, className)
    : record.kind === 'noise'
      ? noiseClass(record, name, className)
      : normClass(record, name, className)
  Object.defineProperty(made, 'name', { value: name })
  return made
}

const normClass = (record: AnyNorm, name: string, given: string) =>
  class extends NormLayer {
    static readonly className = given
    constructor(config?: object) {
      super(record, name, config)
    }
  }

const noiseClass = (record: Noise, name: string, given: string) =>
  class extends NoiseLayer {
    static readonly className = given
    constructor(config?: object) {
      super(record, name, config)
    }
  }

const weightClass = (record: AnyNorm | Noise, name: string, given: string) =>
  class extends WeightLayer {
    static readonly className = given
    constructor(config?: object) {
      super(record, name, config)
    }
  }

/** Records over weights have no batch axis: their layers wrap another one. */
export const ofActivations = (record: AnyNorm | Noise): boolean => {
  const pattern = record.kind === 'noise' ? record.mask : record.stats
  return pattern === null || parsePattern(pattern).axes.some(({ name }) => name === 'n')
}

/** The classes by name: `GroupNormalization` and so on. */
export const layerClasses: Readonly<Record<string, LayerClass>> = Object.fromEntries(
  variants.map((record) => [layerName(record.name), defineLayer(record as unknown as AnyNorm) as LayerClass]),
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
