/** Turns a record of a normalization into its forward and backward. */
import { planCall, resolveOptions, shapeAlong } from './boundary.ts'
import { prepare, type Saved } from './call.ts'
import { NormlabError, show } from './errors.ts'
import { parsePattern } from './pattern.ts'
import type { Binding, Plan } from './plan.ts'
import { pull, run } from './run.ts'
import { initialState, type RunningOptions, type RunningState } from './running.ts'
import { checkTensor, type Tensor } from './tensor.ts'
import type { NormRecord } from './variant.ts'

type Widen<T> = T extends number ? number : T extends string ? string : T
/** Parameters of a call, by name. Those left out act as their initial value and get no gradient. */
export type ParamsOf<R extends NormRecord> = { readonly [K in keyof R['params']]?: Tensor }
/** Options of a call: the record's own, and which axes of x its pattern names. */
export type OptionsOf<R extends NormRecord> = {
  [K in Exclude<keyof R['options'], R['running'] extends string ? keyof RunningOptions : never>]?: Widen<
    R['options'][K]
  >
} & Binding &
  (R['running'] extends string ? RunningOptions : unknown) &
  (R['weights'] extends true
    ? { /** A weight or 0/1 mask, of x's shape or broadcastable to it. */ weights?: Tensor }
    : unknown)
/** `dx` and, for each parameter that forward was given, `d` + its name, in its shape. */
export type GradientsOf<P> = { dx: Tensor } & { [K in keyof P & string as `d${K}`]: Tensor } & {
  /** In inference: the gradient with respect to the running statistics. */
  dstate?: { mean: Tensor; variance: Tensor }
}

type StateOf<R extends NormRecord> = R['running'] extends string ? { state: RunningState } : unknown

/** A variant in use: its record's fields and what they derive. */
export type Norm<R extends NormRecord = NormRecord> = R & {
  readonly kind: 'norm'
  /**
   * @param x of rank 1 to 6, float32 (kernels) or float64 (reference). NaN and Infinity pass through as IEEE says.
   * @returns y of x's shape and type; `saved` for backward; for variants with running statistics the next `state`.
   * @throws NormlabError naming the argument.
   */
  forward<P extends ParamsOf<R>>(
    x: Tensor,
    params?: P,
    options?: OptionsOf<R>,
  ): { y: Tensor; saved: Saved<P> } & StateOf<R>
  /** Gradients of <y, dy>. */
  backward<P>(dy: Tensor, saved: Saved<P>): GradientsOf<P>
  /** The same variant with other defaults: options, or which axes the pattern names. */
  with(options: OptionsOf<R>): Norm<R>
  /** The plan for an x of this shape. Throws for variants without cells. */
  plan(shape: readonly number[], options?: OptionsOf<R>): Plan
  /** Shape of a parameter for an x of this shape. */
  paramShape(name: keyof R['params'] & string, shape: readonly number[], options?: OptionsOf<R>): number[]
  /** Running statistics before the first batch: mean 0, variance 1. */
  initState(shape: readonly number[], options?: OptionsOf<R>): RunningState
}

/** A norm whose record is not known at compile time: for code that loops over variants. */
export interface AnyNorm extends NormRecord {
  readonly kind: 'norm'
  forward(
    x: Tensor,
    params?: Readonly<Record<string, Tensor>>,
    options?: Readonly<Record<string, unknown>>,
  ): { y: Tensor; saved: Saved; state?: RunningState }
  /** `dx` and `d` + each parameter's name. */
  backward(dy: Tensor, saved: Saved): Record<string, Tensor>
  with(options: Readonly<Record<string, unknown>>): AnyNorm
  plan(shape: readonly number[], options?: Readonly<Record<string, unknown>>): Plan
  paramShape(name: string, shape: readonly number[], options?: Readonly<Record<string, unknown>>): number[]
  initState(shape: readonly number[], options?: Readonly<Record<string, unknown>>): RunningState
}

/** Patternless variants still name axes: statistics over nothing. */
const POINTWISE = 'n s c -> n s c'

/**
 * Makes a normalization from its record.
 * @throws NormlabError when the record contradicts itself.
 */
/* @__NO_SIDE_EFFECTS__ */
export function norm<const R extends NormRecord>(record: R): Norm<R> {
  checkRecord(record)
  return build(record, {})
}

function checkRecord(record: NormRecord): void {
  const pattern = parsePattern(record.stats ?? POINTWISE)
  if (record.cases.length === 0)
    throw new NormlabError('cases', `${record.name} has none`, 'Give at least one: cases: [{}]')
  if (record.stats === null && !record.apply)
    throw new NormlabError('stats', `${record.name} has neither cells nor apply`, 'Give one of them')
  if (
    record.running !== undefined &&
    !record.running
      .split(' ')
      .every(
        (name) =>
          pattern.keep.includes(name) ||
          pattern.axes.some((a) => a.name === name && a.parts.every((p) => pattern.keep.includes(p))),
      )
  )
    throw new NormlabError(
      'running',
      `${show(record.running)} is not kept by ${show(record.stats)}`,
      'Keep running statistics along axes that the statistics keep',
    )
}

function build<R extends NormRecord>(record: R, defaults: Readonly<Record<string, unknown>>): Norm<R> {
  const known = [
    ...(record.running ? ['training', 'state', 'decay', 'variance'] : []),
    ...(record.weights ? ['weights'] : []),
  ]
  const resolve = (options: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => {
    const rebinds = options && ['axis', 'axes', 'layout'].some((name) => options[name] !== undefined)
    const { axis, axes, layout, ...others } = defaults
    return resolveOptions(
      record,
      options === null || typeof options !== 'object'
        ? options
        : { ...others, ...(rebinds ? {} : { axis, axes, layout }), ...options },
      known,
    )
  }
  const planFor = (shape: readonly number[], options: Readonly<Record<string, unknown>>): Plan =>
    planCall(record.stats ?? POINTWISE, shape, options)
  return {
    ...record,
    kind: 'norm',
    forward(x: Tensor, params = {}, given = {}) {
      checkTensor('x', x)
      const options = resolve(given)
      const plan = planFor(x.shape, options)
      return run(prepare(record, plan, x, params, options), plan)
    },
    backward(dy: Tensor, saved: Saved) {
      return pull(record, dy, saved)
    },
    with: (options: OptionsOf<R>) => build(record, { ...defaults, ...options }),
    plan: (shape: readonly number[], options = {}) => planFor(shape, resolve(options)),
    paramShape(name: string, shape: readonly number[], options = {}) {
      const param = record.params[name]
      if (!param)
        throw new NormlabError(
          'name',
          `${record.name} has no parameter ${show(name)}`,
          `It has ${Object.keys(record.params).join(', ') || 'none'}`,
        )
      return shapeAlong(planFor(shape, resolve(options)), param.along)
    },
    initState(shape: readonly number[], options = {}) {
      if (!record.running)
        throw new NormlabError('state', `${record.name} has no running statistics`, 'Leave the state out')
      return initialState(planFor(shape, resolve(options)), record.running)
    },
  } as unknown as Norm<R>
}
