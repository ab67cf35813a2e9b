/** Types of the layers' configs, derived from core's records. */
import type { variants } from '@normlab/core'
import type { layers } from '@tensorflow/tfjs-layers'
import type { ConstraintArg, InitializerArg, RegularizerArg } from './identifiers.ts'
import type { aliases, flags } from './keras.ts'

/** What every layer of tfjs takes: name, trainable, inputShape and so on. */
export type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>

export type Variant = (typeof variants)[number]

type Widen<T> = T extends number ? number : T extends 'biased' | 'unbiased' ? 'biased' | 'unbiased' : T
type Alias<K> = K extends keyof typeof aliases ? (typeof aliases)[K] : K
type Options<R extends { readonly options: object }> = {
  [K in keyof R['options'] as Alias<K>]?: Widen<R['options'][K]>
}

type ParamArgs<P extends string> = { [K in P as `${K}Initializer`]?: InitializerArg } & {
  [K in P as `${K}Regularizer`]?: RegularizerArg
} & { [K in P as `${K}Constraint`]?: ConstraintArg } & {
  /** Default true. False leaves the parameter out. */
  [K in P as K extends keyof typeof flags ? (typeof flags)[K] : never]?: boolean
}
type WeightNames<R> = R extends { readonly params: infer P }
  ? { [K in keyof P]: P[K] extends { readonly from: 'input' } ? never : K }[keyof P] & string
  : never

interface Running {
  movingMeanInitializer?: InitializerArg
  movingVarianceInitializer?: InitializerArg
  /**
   * Keep moving statistics in training and use them at inference. Default: true where a cell spans the batch
   * (BatchNormalization), false where every example has its own statistics (InstanceNormalization).
   */
  trackRunningStats?: boolean
}

interface Axis {
  /** The channel or feature axis, or several; negative counts from the end, order does not matter. Default -1. */
  axis?: number | number[]
}

interface NoiseArgs {
  /** Chooses the stream of masks. Default: a random one at each construction. */
  seed?: number
  /** Training calls so far: the mask is a function of seed and step. Default 0. */
  step?: number
  /** Shape of the mask: 1 where elements share it, null for x's own size. */
  noiseShape?: (number | null)[]
}

export type ConfigOf<R extends Variant> = LayerArgs &
  Options<R> &
  (R extends { readonly kind: 'noise' } ? NoiseArgs : Axis & ParamArgs<WeightNames<R>>) &
  (R extends { readonly running: string } ? Running : unknown)

/** `GroupNorm` -> `GroupNormalization`. */
export type LayerName<N extends string> = N extends `${infer Base}Norm` ? `${Base}Normalization` : N

type IsUpper<C extends string> = C extends Lowercase<C> ? false : true
/** `RMSNormalization` -> `rmsNormalization`, `DyT` -> `dyT`, `GRN` -> `grn`. */
export type FactoryName<S extends string> = S extends `${infer A}${infer B}${infer C}${infer Rest}`
  ? IsUpper<B> extends true
    ? IsUpper<C> extends true
      ? `${Lowercase<A>}${FactoryName<`${B}${C}${Rest}`>}`
      : `${Lowercase<A>}${B}${C}${Rest}`
    : `${Lowercase<A>}${B}${C}${Rest}`
  : Lowercase<S>
