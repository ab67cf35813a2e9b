/** Types of the layers' configs, derived from core's records. */
import type { variants } from '@normlab/core'
import type { layers } from '@tensorflow/tfjs-layers'
import type { ConstraintArg, InitializerArg, RegularizerArg } from './identifiers.ts'
import type { aliases, flags, layerNames } from './keras.ts'
import type { AllReduce } from './synchronized.ts'

/** What every layer of tfjs takes: name, trainable, inputShape and so on. */
export type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>

export type Variant = (typeof variants)[number]

type Widen<T> = T extends number ? number : T extends 'biased' | 'unbiased' ? 'biased' | 'unbiased' : T
type Alias<K> = K extends keyof typeof aliases ? (typeof aliases)[K] : K
/** A record's options; where it leaves them out, what core then gives it. */
type OwnOptions<R extends Variant> = string extends keyof R['options']
  ? R extends { readonly apply: object }
    ? Record<never, never>
    : { readonly epsilon: number }
  : R['options']
type AllOptions<R extends Variant> = OwnOptions<R> &
  (R extends { readonly running: string } ? { readonly decay: number } : unknown) &
  (R extends { readonly running: string; readonly apply?: never } ? { readonly variance: 'biased' } : unknown)
type Options<R extends Variant> = {
  [K in keyof AllOptions<R> as Alias<K>]?: Widen<AllOptions<R>[K]>
}

type ParamArgs<P extends string> = { [K in P as `${K}Initializer`]?: InitializerArg } & {
  [K in P as `${K}Regularizer`]?: RegularizerArg
} & { [K in P as `${K}Constraint`]?: ConstraintArg }
type Flags<P extends string> = {
  /** Default true. False leaves the parameter out. */
  [K in P as K extends keyof typeof flags ? (typeof flags)[K] : never]?: boolean
}
/** Parameters that are weights of the layer. None where the record leaves params out. */
type WeightNames<R extends Variant> = string extends keyof R['params']
  ? never
  : {
      [K in keyof R['params']]: R['params'][K] extends { readonly from: 'input' } ? never : K
    }[keyof R['params']] &
      string

interface Running {
  movingMeanInitializer?: InitializerArg
  movingVarianceInitializer?: InitializerArg
}

interface Tracking {
  /**
   * Keep moving statistics in training and use them at inference. Default: true where a cell spans the batch
   * (BatchNormalization), false where every example has its own statistics (InstanceNormalization).
   */
  trackRunningStats?: boolean
}

/** Keras's relatives of a layer, under its name. */
interface Modes {
  BatchNorm: {
    /** Statistics of sub-batches of this many examples: Ghost Batch Normalization. The batch must divide into them. */
    virtualBatchSize?: number
    /** Batch Renormalization, with Keras's state. Default false. */
    renorm?: boolean
    /** Bounds of the correction's factor and offset. Default: none. */
    renormClipping?: { rmax?: number | null; rmin?: number | null; dmax?: number | null } | null
    /** Weight of the old value in the correction's averages. Default 0.99. */
    renormMomentum?: number
    /** Statistics over all workers; without `allReduce` there is one. Default false. */
    synchronized?: boolean
    /** Adds up the arrays of all workers. It is not saved. */
    allReduce?: AllReduce
  }
  LayerNorm: {
    /** Keras's old name for: over the standard deviation, not centred, times gamma. Default false. */
    rmsScaling?: boolean
  }
}
type ModeArgs<N> = N extends keyof Modes ? Modes[N] : unknown

interface Axis {
  /** The channel or feature axis, or several; negative counts from the end, order does not matter. Default -1. */
  axis?: number | number[]
}

interface NoiseArgs {
  /** Chooses the stream of draws. Default: a random one at each construction. */
  seed?: number
  /** Training calls so far: the draw is a function of seed and step. Default 0. */
  step?: number
}

interface NoiseShape {
  /** Shape of the mask: 1 where elements share it, null for x's own size. */
  noiseShape?: (number | null)[]
}

/**
 * Where every element has a draw of its own, `noiseShape` says otherwise; else the pattern does, and `axis` binds it.
 * A forward of its own may call any axis by its name.
 */
type Sharing<M> = M extends `${infer All} -> ${infer Kept}` ? (All extends Kept ? NoiseShape : Axis) : Axis
type HasApply = { readonly apply: object }

export type ConfigOf<R extends Variant> = LayerArgs &
  ModeArgs<R['name']> &
  Options<R> &
  ParamArgs<WeightNames<R>> &
  (R extends HasApply ? unknown : Flags<WeightNames<R>>) &
  (R extends { readonly kind: 'noise'; readonly mask: infer M }
    ? NoiseArgs & Sharing<M> & (R extends HasApply ? Axis : unknown)
    : Axis) &
  (R extends { readonly running: string } ? Running & (R extends HasApply ? unknown : Tracking) : unknown)

export type PatternOf<R> = R extends { readonly kind: 'noise'; readonly mask: infer M }
  ? M
  : R extends { readonly stats: infer S }
    ? S
    : null
/** Records over weights, with an axis o and no batch: not layers, but for weight wrappers. */
export type OfWeights<P> = P extends `${infer Left}->${string}`
  ? ` ${Left}` extends `${string} o ${string}`
    ? true
    : false
  : false
/** The variants that act on activations: those that are layers. */
export type LayerVariant<R extends Variant = Variant> = R extends Variant
  ? OfWeights<PatternOf<R>> extends true
    ? never
    : R
  : never

/** The variants that act on weights: their layers wrap another one. */
export type WeightVariant = Exclude<Variant, LayerVariant>
export type WeightConfigOf<R extends WeightVariant> = Omit<ConfigOf<R>, 'weights' | 'axis'> & {
  /** What is wrapped: a layer with a kernel, such as dense, a convolution, a recurrent layer or an embedding. */
  layer: layers.Layer
  /** Names of the weights that are transformed. Default: all kernels that the layer has. */
  kernels?: string[]
  /** The kernel's axes of outputs, `o` of the pattern. Default: as the kernel's layout has them. */
  axis?: number | number[]
}

/** `GroupNorm` -> `GroupNormalization`. */
export type LayerName<N extends string> = N extends keyof typeof layerNames
  ? (typeof layerNames)[N]
  : N extends `${infer Base}Norm`
    ? `${Base}Normalization`
    : N

type IsUpper<C extends string> = C extends Lowercase<C> ? false : true
/** `RMSNormalization` -> `rmsNormalization`, `DyT` -> `dyT`, `GRN` -> `grn`. */
export type FactoryName<S extends string> = S extends `${infer A}${infer B}${infer C}${infer Rest}`
  ? IsUpper<B> extends true
    ? IsUpper<C> extends true
      ? `${Lowercase<A>}${FactoryName<`${B}${C}${Rest}`>}`
      : `${Lowercase<A>}${B}${C}${Rest}`
    : `${Lowercase<A>}${B}${C}${Rest}`
  : Lowercase<S>
