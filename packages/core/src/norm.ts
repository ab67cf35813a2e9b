/** Turns a record of a normalization into its forward and backward. */
import { layBroadcast, layParams, planCall, resolveOptions, shapeAlong, type Laid } from './boundary.ts'
import { NormlabError, show } from './errors.ts'
import * as scalar from './kernels/scalar.ts'
import { cellOffsets, elementOffsets } from './offsets.ts'
import { consult, type OracleResult } from './oracle.ts'
import { parsePattern } from './pattern.ts'
import { product, type Binding, type Plan } from './plan.ts'
import {
  cellsToState,
  initialState,
  layState,
  nextState,
  stateOfCells,
  type RunningOptions,
  type RunningState,
} from './running.ts'
import { checkTensor, type FloatArray, type Tensor } from './tensor.ts'
import type { NormRecord } from './variant.ts'

type Widen<T> = T extends number ? number : T extends string ? string : T
/** Parameters of a call, by name. Those left out act as their initial value and get no gradient. */
export type ParamsOf<R extends NormRecord> = { readonly [K in keyof R['params']]?: Tensor }
/** Options of a call: the record's own, and which axes of x its pattern names. */
export type OptionsOf<R extends NormRecord> = {
  [K in keyof R['options']]?: Widen<R['options'][K]>
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

/** What backward needs of a forward. It refers to x and the parameters: do not change them in between. */
export interface Saved<P = unknown> {
  readonly plan: Plan
  /** One entry a cell, in the order of the kept axes. Absent for variants with a forward of their own. */
  readonly mean?: Float64Array
  /** Biased. */
  readonly variance?: Float64Array
  readonly rstd?: Float64Array
  /** @internal */ readonly call: Call
  /** @internal */ readonly oracle?: OracleResult
  /** Type only: which parameters were given. */
  readonly params?: P
}

interface Call {
  readonly record: NormRecord
  readonly x: Tensor
  readonly params: Readonly<Record<string, Laid>>
  readonly paramShapes: Readonly<Record<string, readonly number[]>>
  readonly options: Readonly<Record<string, unknown>>
  readonly weights: Laid | undefined
  readonly state: { mean: Laid; variance: Laid } | undefined
  readonly stateShape: readonly number[]
  readonly training: boolean
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

function prepare(
  record: NormRecord,
  plan: Plan,
  x: Tensor,
  params: unknown,
  options: Record<string, unknown>,
): Call & { old: RunningState | undefined } {
  const { running } = record
  const training = options.training !== false
  if (!training && options.state === undefined)
    throw new NormlabError('state', 'missing at inference', 'Give the state that training returned')
  const old = running
    ? ((options.state as RunningState | undefined) ?? initialState(plan, running))
    : undefined
  const weights = options.weights === undefined ? undefined : layBroadcast('weights', options.weights, plan)
  if (weights?.data.some((weight) => !(weight >= 0 && weight < Infinity)))
    throw new NormlabError('weights', 'a weight is negative, infinite or NaN', 'Give weights of 0 or greater')
  return {
    record,
    x,
    params: layParams(record, params, plan),
    paramShapes: Object.fromEntries(
      Object.entries(params as Record<string, Tensor>).map(([name, value]) => [name, value?.shape]),
    ),
    options,
    weights,
    state: old && layState(old, plan, running!),
    stateShape: old ? old.mean.shape : [],
    training,
    old,
  }
}

const usesOracle = ({ record, x }: Call): boolean =>
  record.apply !== undefined || x.data instanceof Float64Array
const like = (x: Tensor, length: number): FloatArray =>
  x.data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length)

function kernelSpec({ record, params, options, weights }: Call, plan: Plan): scalar.KernelSpec {
  const { center, scale } = record
  const gammaPlus = record.params.gamma?.plusOne ? 1 : 0
  return {
    plan,
    center,
    scale,
    epsilon: Number(options.epsilon ?? 0),
    gamma: params.gamma,
    beta: params.beta,
    gammaPlus,
    weights,
  }
}

/** Number of elements of each cell, or the sum of their weights. */
function totalsOf(plan: Plan, weights: Laid | undefined): Float64Array {
  const totals = new Float64Array(plan.cells).fill(weights ? 0 : plan.count)
  if (!weights) return totals
  const at = elementOffsets(plan)
  cellOffsets(plan).forEach((origin, cell) =>
    at.forEach((offset) => (totals[cell] += weights.data[origin + offset])),
  )
  return totals
}

function run(call: Call & { old: RunningState | undefined }, plan: Plan): object {
  const { record, x, training, old } = call
  let y: FloatArray
  let saved: Saved
  let own: Readonly<Record<string, { data: Float64Array }>> | undefined
  if (usesOracle(call)) {
    const oracle = consult({ ...call, plan, x: x.data, state: call.state })
    y = x.data instanceof Float64Array ? oracle.y.data : Float32Array.from(oracle.y.data)
    own = oracle.nextState
    const cells = (value: { data: Float64Array } | undefined) => value && spreadCells(value.data, plan)
    const mean = cells(oracle.mean)
    const variance = cells(oracle.variance)
    saved = {
      plan,
      mean,
      variance,
      rstd: variance?.map((v) => scalar.factor(record.scale, v, Number(call.options.epsilon ?? 0))),
      call,
      oracle,
    }
  } else {
    const spec = kernelSpec(call, plan)
    const stats = training ? scalar.statistics(spec, x.data) : givenStatistics(call, plan, spec.epsilon)
    y = like(x, plan.size)
    scalar.forward(spec, x.data, y, stats)
    saved = { plan, ...stats, call }
  }
  const result = { y: { data: y, shape: [...x.shape] }, saved }
  if (!record.running) return result
  if (own)
    return {
      ...result,
      state: { ...old, count: old!.count + (training ? 1 : 0), ...asTensors(own, call.stateShape, x) },
    }
  const { mean, variance } = saved as Required<Saved>
  const state = training
    ? nextState(
        old!,
        plan,
        record.running,
        { mean, variance, totals: totalsOf(plan, call.weights) },
        call.options,
      )
    : old
  return { ...result, state }
}

function asTensors(
  values: Readonly<Record<string, { data: Float64Array }>>,
  shape: readonly number[],
  x: Tensor,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(values).map(([name, { data }]) => {
      const typed = like(x, data.length)
      typed.set(data)
      return [name, { data: typed, shape }]
    }),
  )
}

/** A statistic of the oracle has size 1 in axes that it does not vary along; saved has one entry a cell. */
function spreadCells(data: Float64Array, plan: Plan): Float64Array {
  return data.length === plan.cells ? data : new Float64Array(plan.cells).fill(data[0] ?? 0)
}

function givenStatistics({ state, record }: Call, plan: Plan, epsilon: number): scalar.CellStatistics {
  const mean = stateOfCells(state!.mean, plan)
  const variance = stateOfCells(state!.variance, plan)
  return { mean, variance, rstd: variance.map((v) => scalar.factor(record.scale, v, epsilon)) }
}

function pull(record: NormRecord, dy: Tensor, saved: Saved): object {
  checkTensor('dy', dy)
  if (saved?.call?.record !== record)
    throw new NormlabError(
      'saved',
      `it is not from ${record.name}.forward`,
      "Give the saved of this variant's own forward",
    )
  const { plan, call } = saved
  if (String(dy.shape) !== String(call.x.shape))
    throw new NormlabError('dy.shape', show([...dy.shape]), `Give y's shape, ${show([...call.x.shape])}`)
  const tensor = (data: ArrayLike<number>, shape: readonly number[]): Tensor => {
    const typed = like(call.x, product(shape))
    typed.set(data)
    return { data: typed, shape: [...shape] }
  }
  const named = (gradients: Readonly<Record<string, ArrayLike<number> | undefined>>) =>
    Object.fromEntries(
      Object.entries(gradients).flatMap(([name, data]) =>
        data ? [[`d${name}`, tensor(data, call.paramShapes[name])]] : [],
      ),
    )
  if (saved.oracle) {
    const { t, x, params, state, y } = saved.oracle
    const given = !call.training && call.state !== undefined
    const targets = { x, ...params, ...(given ? { '~mean': state.mean, '~variance': state.variance } : {}) }
    const pulled = t.gradients(y, t.leaf(dy.data, y.shape), Object.values(targets))
    const by = Object.fromEntries(Object.keys(targets).map((name, i) => [name, pulled[i].data]))
    const { x: dx, '~mean': mean, '~variance': variance, ...rest } = by
    const dstate = given
      ? { dstate: { mean: tensor(mean, call.stateShape), variance: tensor(variance, call.stateShape) } }
      : {}
    return { dx: tensor(dx, call.x.shape), ...named(rest), ...dstate }
  }
  const { mean, variance, rstd } = saved as Required<Saved>
  const given = !call.training
  const dx = like(call.x, plan.size)
  const result = scalar.backward(
    kernelSpec(call, plan),
    call.x.data,
    dy.data,
    { mean, variance, rstd },
    dx,
    given,
  )
  const dstate = given
    ? {
        dstate: {
          mean: tensor(cellsToState(result.dmean, call.state!.mean, plan), call.stateShape),
          variance: tensor(cellsToState(result.dvariance, call.state!.variance, plan), call.stateShape),
        },
      }
    : {}
  return {
    dx: { data: dx, shape: [...call.x.shape] },
    ...named({ gamma: result.dgamma, beta: result.dbeta }),
    ...dstate,
  }
}
