/** Layers under the names that tfjs and Keras know, with their arguments and configs: they load there, and from there. */
import {
  alphaDropout,
  batchNorm,
  dropout,
  gaussianDropout,
  gaussianNoise,
  groupNorm,
  l2Norm,
  layerNorm,
  rmsNorm,
  spatialDropout,
  type AnyNorm,
  type Noise,
} from '@normlab/core'
import type { LayerVariable } from '@tensorflow/tfjs-layers'
import { NormLayer } from './layer.ts'
import { argumentsOf } from './modes.ts'
import { common } from './keras.ts'
import { KerasSpectralNormalization } from './kerasSpectral.ts'
import { noiseArguments, NoiseLayer } from './noiseLayer.ts'
import type { Shape } from './shape.ts'

type Config = Record<string, unknown>
export type StandIn = new (config?: Config) => NormLayer | NoiseLayer

/** What Keras gives and our layers do not know says nothing to them: `fused`, `center` of RMSNormalization. */
function knownOf(names: readonly string[], config: Config): Config {
  const known = [...names, ...common, 'customObjects'].filter((name) => name !== 'dtype')
  return Object.fromEntries(Object.entries(config).filter(([name]) => known.includes(name)))
}

/** tfjs's constructors go on after ours, and would write their reading of the arguments over these. */
function lock(layer: object, ...names: readonly string[]): void {
  for (const name of names) {
    const value = (layer as Config)[name]
    Object.defineProperty(layer, name, { get: () => value, set() {}, enumerable: true, configurable: true })
  }
}

/** Weights under the names that tfjs's layers have them: gamma, beta, movingMean, movingVariance. */
function expose(layer: NormLayer): void {
  for (const weight of layer.weights as LayerVariable[]) {
    const name = weight.originalName.replace(/^.*\//, '').replace(/_\d+$/, '')
    ;(layer as unknown as Config)[name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())] =
      weight
  }
}

const titled = (className: string, made: StandIn): StandIn =>
  Object.defineProperty(made, 'name', { value: className })

function normStandIn(className: string, record: AnyNorm): StandIn {
  const names = argumentsOf(record)
  const made = class extends NormLayer {
    static readonly className = className
    constructor(config?: Config | null) {
      super(record, className, knownOf(names, config ?? {}))
      lock(this, 'axis')
    }
    override build(inputShape: Shape | Shape[]): void {
      super.build(inputShape)
      expose(this)
    }
    override getConfig() {
      // What says nothing new is left out: Keras refuses arguments that it does not know.
      const { variance, trackRunningStats, ...config } = super.getConfig() as ReturnType<
        NormLayer['getConfig']
      > &
        Config
      return {
        ...config,
        ...(variance === 'unbiased' ? { variance } : {}),
        ...(trackRunningStats === false ? { trackRunningStats } : {}),
      } as ReturnType<NormLayer['getConfig']>
    }
  }
  return titled(className, made)
}

/** Keras's and tfjs's seeds may be any number. */
function seedOf(given: unknown): number | undefined {
  if (given === undefined || given === null) return undefined
  if (Number.isSafeInteger(given) && (given as number) >= 0) return given as number
  let hash = 2166136261
  for (const letter of String(given)) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619)
  return hash >>> 0
}

function noiseStandIn(className: string, record: Noise, spatial = false): StandIn {
  const names = noiseArguments(record)
  const made = class extends NoiseLayer {
    static readonly className = className
    readonly dataFormat: string
    constructor(config?: Config | null) {
      const { seed, rate, dataFormat, ...given } = config ?? {}
      const first = spatial && /^channels_?first$/i.test(String(dataFormat))
      super(record, className, {
        ...knownOf(names, given),
        seed: seedOf(seed),
        // tfjs clamps the rate of Dropout.
        ...(typeof rate === 'number' && names.includes('rate')
          ? { rate: Math.min(Math.max(rate, 0), 1) }
          : {}),
        ...(spatial ? { axis: first ? 1 : -1 } : {}),
      })
      this.dataFormat = first ? 'channelsFirst' : 'channelsLast'
      lock(this, 'axis', 'noiseShape', 'seed')
    }
    override getConfig() {
      const { step, noiseShape, ...config } = super.getConfig() as ReturnType<NoiseLayer['getConfig']> &
        Config
      delete config.axis
      return {
        ...config,
        ...(spatial ? { dataFormat: this.dataFormat } : {}),
        ...(noiseShape === null || noiseShape === undefined ? {} : { noiseShape }),
        // Only a seeded layer has draws to go on with.
        ...(this.seed !== null && (step as number) > 0 ? { step } : {}),
      } as ReturnType<NoiseLayer['getConfig']>
    }
  }
  return titled(className, made)
}

const asNorm = (record: unknown) => record as AnyNorm
const asNoise = (record: unknown) => record as Noise

/** Classes that tfjs has too. */
export const stockStandIns: Readonly<Record<string, StandIn>> = {
  BatchNormalization: normStandIn('BatchNormalization', asNorm(batchNorm)),
  LayerNormalization: normStandIn('LayerNormalization', asNorm(layerNorm)),
  Dropout: noiseStandIn('Dropout', asNoise(dropout)),
  SpatialDropout1D: noiseStandIn('SpatialDropout1D', asNoise(spatialDropout), true),
  GaussianNoise: noiseStandIn('GaussianNoise', asNoise(gaussianNoise)),
  GaussianDropout: noiseStandIn('GaussianDropout', asNoise(gaussianDropout)),
  AlphaDropout: noiseStandIn('AlphaDropout', asNoise(alphaDropout)),
}

/** Classes that Keras alone has. */
export const kerasStandIns: Readonly<Record<string, StandIn | typeof KerasSpectralNormalization>> = {
  SpectralNormalization: KerasSpectralNormalization,
  GroupNormalization: normStandIn('GroupNormalization', asNorm(groupNorm)),
  RMSNormalization: normStandIn('RMSNormalization', asNorm(rmsNorm)),
  UnitNormalization: normStandIn('UnitNormalization', asNorm(l2Norm)),
  SpatialDropout2D: noiseStandIn('SpatialDropout2D', asNoise(spatialDropout), true),
  SpatialDropout3D: noiseStandIn('SpatialDropout3D', asNoise(spatialDropout), true),
}
