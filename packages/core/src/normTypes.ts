/** Types of a normalization in use, derived from its record: an omission is a compile error. */
import type { Saved } from './call.ts'
import type { Convention } from './convention.ts'
import type { Binding, Plan } from './plan.ts'
import type { RunningOptions, RunningState, VariantState } from './running.ts'
import type { Tensor } from './tensor.ts'
import type { NormDefinition, NormRecord } from './variant.ts'

type Widen<T> = T extends number ? number : T extends string ? string : T
type Fields<T> = T extends object ? T : Record<never, never>
type Running<R extends NormDefinition> = R['running'] extends string ? true : false
type Keeps<R extends NormDefinition> = R['running'] extends string
  ? true
  : R['state'] extends object
    ? true
    : false

/** Parameters of a call, by name. Those left out act as their initial value and get no gradient. */
export type ParamsOf<R extends NormDefinition> = { readonly [K in keyof Fields<R['params']>]?: Tensor }

/** Options of a call: the record's own, and which axes of x its pattern names. */
export type OptionsOf<R extends NormDefinition> = {
  [K in Exclude<keyof Fields<R['options']>, Running<R> extends true ? keyof RunningOptions : never>]?: Widen<
    Fields<R['options']>[K]
  >
} & Binding &
  (R['options'] extends object ? unknown : R['apply'] extends object ? unknown : { epsilon?: number }) &
  (Running<R> extends true
    ? R['apply'] extends object
      ? Omit<RunningOptions, 'variance'>
      : RunningOptions
    : unknown) &
  (R['state'] extends object
    ? { /** False leaves the state as it is. */ training?: boolean; state?: VariantState }
    : unknown) &
  (R['weights'] extends true
    ? { /** A weight or 0/1 mask, of x's shape or broadcastable to it. */ weights?: Tensor }
    : unknown)

/** `dx` and, for each parameter that forward was given, `d` + its name, in its shape. */
export type GradientsOf<P> = { dx: Tensor } & { [K in keyof P & string as `d${K}`]: Tensor } & {
  /** In inference: the gradient with respect to the state. */
  dstate?: { mean: Tensor; variance: Tensor }
}

export type StateOf<R extends NormDefinition> = Running<R> extends true ? RunningState : VariantState

/** A variant in use: its record's fields and what they derive. */
export type Norm<R extends NormDefinition = NormRecord> = Omit<NormRecord, keyof R> &
  R & {
    readonly kind: 'norm'
    /**
     * @param x of rank 1 to 6, float32 (kernels) or float64 (reference). NaN and Infinity pass through as IEEE says.
     * @returns y of x's shape and type; `saved` for backward; for variants that keep one, the next `state`.
     * @throws NormlabError naming the argument.
     */
    forward<P extends ParamsOf<R>>(
      x: Tensor,
      params?: P,
      options?: OptionsOf<R>,
    ): { y: Tensor; saved: Saved<P> } & (Keeps<R> extends true ? { state: StateOf<R> } : unknown)
    /** Gradients of <y, dy>. */
    backward<P>(dy: Tensor, saved: Saved<P>): GradientsOf<P>
    /** The same variant with other defaults: options, which axes the pattern names, or a framework's conventions. */
    with(options: OptionsOf<R> | Convention): Norm<R>
    /** The plan for an x of this shape. */
    plan(shape: readonly number[], options?: OptionsOf<R>): Plan
    /** Shape of a parameter for an x of this shape. */
    paramShape(
      name: keyof Fields<R['params']> & string,
      shape: readonly number[],
      options?: OptionsOf<R>,
    ): number[]
    /** The state before the first batch. Running statistics begin at mean 0, variance 1. */
    initState(shape: readonly number[], options?: OptionsOf<R>): StateOf<R>
  }

type Options = Readonly<Record<string, unknown>>

/** A norm whose record is not known at compile time: for code that loops over variants. */
export interface AnyNorm extends NormRecord {
  readonly kind: 'norm'
  forward(
    x: Tensor,
    params?: Readonly<Record<string, Tensor>>,
    options?: Options,
  ): { y: Tensor; saved: Saved; state?: RunningState }
  /** `dx` and `d` + each parameter's name. */
  backward(dy: Tensor, saved: Saved): Record<string, Tensor>
  with(options: Options | Convention): AnyNorm
  plan(shape: readonly number[], options?: Options): Plan
  paramShape(name: string, shape: readonly number[], options?: Options): number[]
  initState(shape: readonly number[], options?: Options): RunningState
}
