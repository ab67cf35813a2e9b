/** The record that a variant is. A normalization is data; `norm()` and `noise()` derive everything else from it. */
import type { About } from './about.ts'
import type { Range } from './errors.ts'
import type { OwnKernel } from './kernels/own/kernel.ts'
import type { Ops } from './ops.ts'

/** A parameter. Its array is kept along `along`: whole axes or parts, as after the arrow of a pattern; `''` is a scalar. */
export interface Param {
  readonly along: string
  /** Initial value; `'normal'` draws from N(0, 1) with a fixed seed. */
  readonly init: number | 'normal'
  /** The value comes from another input (conditional normalization) and is not a weight of the layer. */
  readonly from?: 'input'
  /** The forward uses 1 + the value. */
  readonly plusOne?: boolean
}

/** gamma and beta, kept along `along`. */
/* @__NO_SIDE_EFFECTS__ */
export function affine<const A extends string>(along: A) {
  return { gamma: { along, init: 1 }, beta: { along, init: 0 } } as const
}

/** gamma alone, kept along `along`. */
/* @__NO_SIDE_EFFECTS__ */
export function gain<const A extends string>(along: A) {
  return { gamma: { along, init: 1 } } as const
}

export interface CommonRecord {
  /** As in the paper, such as `GroupNorm`. Errors, figures and pages use it. */
  readonly name: string
  /** Every option and its default. Values named after parts of the pattern, such as `g`, are sizes. */
  readonly options: Readonly<Record<string, number | string>>
  /** What numeric options may be, where not every number will do. */
  readonly ranges?: Readonly<Record<string, Range>>
}

/** How the centred values are scaled: by standard deviation, root mean square, Euclidean length, or not at all. */
export type Scale = 'std' | 'rms' | 'l2' | 'none'

/** Values of a call as `apply` sees them: params and state by name, as values of the plan's rank. */
export type Values<T> = Readonly<Record<string, T>>

export interface NormRecord extends CommonRecord {
  /** The pattern of the statistics; null, said outright, where there are no cells. */
  readonly stats: string | null
  readonly center: boolean
  readonly scale: Scale
  readonly params: Readonly<Record<string, Param>>
  /** Running mean and variance are kept along these axes; inference uses them. */
  readonly running?: string
  /** Statistics may be masked or weighted. */
  readonly weights?: boolean
  /** State of a forward of its own, by name, where running mean and variance are not it. */
  readonly state?: Readonly<Record<string, Param>>
  /** The forward pass, where center, scale and params do not say it all. Mutates nothing. */
  readonly apply?: <T>(
    t: Ops<T>,
    x: T,
    params: Values<T>,
    state: Values<T>,
    options: Readonly<Record<string, unknown>>,
  ) => { y: T; state?: Values<T> }
  /** Forward and backward in plain loops, for a forward of its own that the tape would make slow. Float32 alone runs it. */
  readonly kernel?: OwnKernel
}

/** What `apply` of a noise record draws from: 0 or 1 with probability rate, N(0, 1), or uniform over (0, 1). */
export type Distribution = 'bernoulli' | 'normal' | 'uniform'

export interface NoiseRecord extends CommonRecord {
  /** Which elements share one draw: each kept index has its own. */
  readonly mask: string
  /** Of the draw. Bernoulli's is 1 where an element is kept. */
  readonly distribution: Distribution
  readonly params: Readonly<Record<string, Param>>
  /** The forward in training, from x and its draw. Left out: a kept element is divided by 1 - rate, a dropped one is 0. */
  readonly apply?: <T>(
    t: Ops<T>,
    x: T,
    draw: T,
    params: Values<T>,
    options: Readonly<Record<string, unknown>>,
  ) => T
  /** The forward at inference, where it is not the identity. */
  readonly infer?: <T>(t: Ops<T>, x: T, params: Values<T>, options: Readonly<Record<string, unknown>>) => T
}

/** Fields that a record may leave out, and what then stands for them. */
type Optional<R, K extends keyof R> = Omit<R, K> & { readonly [P in K]?: R[P] }
/** A definition may say itself what else goes into the `about` of its file: see described.ts. */
export type NormDefinition = Optional<NormRecord, 'center' | 'scale' | 'params' | 'options'> & Partial<About>
export type NoiseDefinition = Optional<NoiseRecord, 'params'> & Partial<About>

export type VariantRecord = NormRecord | NoiseRecord
