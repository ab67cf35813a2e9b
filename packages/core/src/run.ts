/** Runs a checked call: on a kernel where there is one, on the reference for float64 and for variants with `apply`. */
import { initialValues, spreadAlong, stridesWhere, type Laid } from './boundary.ts'
import type { Call, Saved } from './call.ts'
import { NormlabError, show } from './errors.ts'
import * as dispatch from './kernels/dispatch.ts'
import * as scalar from './kernels/scalar.ts'
import { cellOffsets, elementOffsets } from './offsets.ts'
import { consult } from './oracle.ts'
import { product, type Plan } from './plan.ts'
import { cellsToState, nextState, stateOfCells, type RunningState } from './running.ts'
import { checkTensor, type FloatArray, type Tensor } from './tensor.ts'
import type { NormRecord } from './variant.ts'

/** A kernel of its own has no gradient of given statistics. */
const usesKernel = ({ record, x, training, state }: Call): boolean =>
  record.kernel !== undefined && x.data instanceof Float32Array && (training || state === undefined)
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

/** Every parameter of the record: those of the call, and the others at their initial values. */
function allParams({ record, params }: Call, plan: Plan): Record<string, Laid> {
  return Object.fromEntries(
    Object.entries(record.params).map(([name, param]) => {
      const spread = spreadAlong(plan, param.along)
      return [
        name,
        params[name] ?? {
          data: initialValues(param, product(spread)),
          spread,
          strides: stridesWhere(spread),
        },
      ]
    }),
  )
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

export function run(call: Call, plan: Plan): object {
  const { record, x, training, old } = call
  let y: Tensor
  let saved: Saved
  let own: Readonly<Record<string, { data: Float64Array }>> | undefined
  if (usesKernel(call)) {
    const { y: data, ...rest } = record.kernel!({ ...call, plan, x: x.data, params: allParams(call, plan) })
    y = { data, shape: [...x.shape] }
    saved = { plan, call, own: { y: data, ...rest } }
    own =
      rest.state &&
      Object.fromEntries(Object.entries(rest.state).map(([name, values]) => [name, { data: values }]))
  } else if (usesOracle(call)) {
    const oracle = consult({ ...call, plan, x: x.data, state: call.state })
    const data = x.data instanceof Float64Array ? oracle.y.data : Float32Array.from(oracle.y.data)
    y = { data, shape: [...x.shape] }
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
    const given = training || !call.state ? null : givenStatistics(call, plan, spec.epsilon)
    const normalized = dispatch.forward(spec, x.data, given)
    y = normalized.y
    saved = { plan, ...normalized.stats, call }
  }
  const result = { y, saved }
  if (!old) return result
  if (!record.running || record.apply)
    return {
      ...result,
      state: training && own ? { ...asTensors(own, call.stateShapes, x), count: old.count + 1 } : old,
    }
  const { mean, variance } = saved as Required<Saved>
  const state = training
    ? nextState(
        old as unknown as RunningState,
        plan,
        call.state!,
        { mean, variance, totals: totalsOf(plan, call.weights) },
        call.options,
      )
    : old
  return { ...result, state }
}

function asTensors(
  values: Readonly<Record<string, { data: Float64Array }>>,
  shapes: Readonly<Record<string, readonly number[]>>,
  x: Tensor,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(values).map(([name, { data }]) => {
      const typed = like(x, data.length)
      typed.set(data)
      return [name, { data: typed, shape: shapes[name] }]
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

/** Gradients of <y, dy> by the name of the call's inputs. */
export function pull(record: NormRecord, dy: Tensor, saved: Saved): object {
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
  if (saved.own) {
    const { x: dx, ...rest } = saved.own.backward(dy.data)
    const given = Object.entries(rest).filter(([name]) => name in call.params)
    return { dx: { data: dx, shape: [...call.x.shape] }, ...named(Object.fromEntries(given)) }
  }
  if (saved.oracle) {
    const { t, x, params, state, y } = saved.oracle
    const given = !call.training && call.state !== undefined ? Object.entries(state) : []
    const targets = [['x', x] as const, ...Object.entries(params), ...given]
    const pulled = t.gradients(
      y,
      t.leaf(dy.data, y.shape),
      targets.map(([, value]) => value),
    )
    const after = 1 + Object.keys(params).length
    const ofParams = targets.slice(1, after).map(([name], i) => [name, pulled[i + 1].data] as const)
    const ofState = given.map(([name], i) => [name, tensor(pulled[after + i].data, call.stateShapes[name])])
    return {
      dx: tensor(pulled[0].data, call.x.shape),
      ...named(Object.fromEntries(ofParams)),
      ...(given.length ? { dstate: Object.fromEntries(ofState) } : {}),
    }
  }
  const { mean, variance, rstd } = saved as Required<Saved>
  const given = !call.training && call.state !== undefined
  const stats = { mean, variance, rstd }
  const result = dispatch.backward(kernelSpec(call, plan), call.x.data, dy.data, stats, given)
  const dstate = given
    ? {
        dstate: {
          mean: tensor(cellsToState(result.dmean, call.state!.mean, plan), call.stateShapes.mean),
          variance: tensor(
            cellsToState(result.dvariance, call.state!.variance, plan),
            call.stateShapes.variance,
          ),
        },
      }
    : {}
  return {
    dx: result.dx,
    ...named({ gamma: result.dgamma, beta: result.dbeta }),
    ...dstate,
  }
}
