/** From an op and its attributes to a variant. A new variant adds its ops here; what is not here is skipped by name. */
import { NormlabError, show } from '../../errors.ts'
import { norm } from '../../norm.ts'
import type { AnyNorm } from '../../normTypes.ts'
import type { Tensor } from '../../tensor.ts'
import { affine } from '../../variant.ts'
import {
  batchNorm,
  batchRenorm,
  dropout,
  groupNorm,
  instanceNorm,
  layerNorm,
  rmsNorm,
  simpleNorm,
} from '../../variants/index.ts'
import { broadcastTo, transpose } from './broadcast.ts'
import { batchNormBackwardGiven } from './given.ts'
import { onnxAdapters } from './onnx.ts'
import { need, otherAdapters } from './others.ts'
import { common, number, serveNorm, type Adapter, type Arrays, type Question } from './serve.ts'

const any = (variant: unknown): AnyNorm => variant as AnyNorm

/** Opset 18's GroupNormalization: gamma and beta a group. */
const perGroup = any(norm({ ...groupNorm, params: affine('g') }))
/** MLX's default: channel c belongs to group c mod g. */
const interleaved = any(norm({ ...groupNorm, stats: 'n s (k g) -> n g' }))
/** PyTorch's track_running_stats: each channel's instances are averaged. */
const trackedInstance = any(
  norm({ ...instanceNorm, running: 'c', options: { ...instanceNorm.options, decay: 0.9 } }),
)

/** `1+w`: gamma is stored as its distance from 1, as Gemma's RMSNorm has it. */
function withGamma(variant: AnyNorm, { attrs }: Question): AnyNorm {
  const mode = attrs.gamma_mode ?? 'w'
  if (mode !== 'w' && mode !== '1+w') throw new NormlabError('gamma_mode', show(mode), "Known: 'w', '1+w'")
  if (mode === 'w') return variant
  const gamma = { ...variant.params.gamma, init: 0, plusOne: true }
  return any(norm({ ...variant, params: { ...variant.params, gamma } }))
}

/** Statistics of the batch, under every name that frameworks give them. */
const statistics = ({ mean, variance, rstd }: ReturnType<AnyNorm['forward']>['saved']): Arrays => ({
  mean,
  variance,
  rstd,
  batch_mean: mean,
  batch_var: variance,
  batch_invstd: rstd,
})

const affineOf = ({ operand }: Question) => ({ gamma: operand('gamma'), beta: operand('beta') })

/** Running statistics of a case: `update_rate` is the weight of the new value, or the average is cumulative with `step`. */
function running(
  { attrs, operand }: Question,
  shape: readonly number[],
  variant: AnyNorm,
  options: Record<string, unknown>,
): Record<string, unknown> {
  const initial = variant.initState(shape, options)
  const cumulative = typeof attrs.momentum === 'string' && attrs.momentum.startsWith('cumulative')
  const state = {
    mean: operand('running_mean') ?? initial.mean,
    variance: operand('running_var') ?? initial.variance,
    count: cumulative ? number(attrs.step, 1) - 1 : 0,
  }
  const decay = cumulative ? 'cumulative' : number(attrs.keras_momentum, 1 - number(attrs.update_rate, 0.1))
  return {
    state,
    decay,
    variance: String(attrs.running_var ?? 'biased').startsWith('unbiased') ? 'unbiased' : 'biased',
  }
}

const batchNormTrain: Adapter = (question) => {
  const x = need(question, 'x')
  const base =
    question.attrs.reduction_axes === undefined
      ? common(question)
      : { epsilon: common(question).epsilon, axes: keptAxes(x, question.attrs.reduction_axes as number[]) }
  const mask = question.operand('mask')
  const weights =
    mask &&
    broadcastTo(
      { data: mask.data, shape: [...mask.shape, ...x.shape.slice(mask.shape.length).map(() => 1)] },
      x.shape,
    )
  const variant = withGamma(any(batchNorm), question)
  const options = {
    ...base,
    ...running(question, x.shape, variant, base),
    ...(weights ? { weights } : {}),
  }
  return serveNorm(variant, x, affineOf(question), options, ({ y, saved, state }) => ({
    y: y.data,
    running_mean: state!.mean.data,
    running_var: state!.variance.data,
    ...statistics(saved),
  }))
}

/** Keras clips r to [1 / r_max, r_max] where the case says so. */
const renorm: Adapter = (question) => {
  const x = need(question, 'x')
  const base = common(question)
  const { attrs } = question
  const { state, decay } = running(question, x.shape, any(batchRenorm), base)
  const options = { ...base, state, decay, rMax: number(attrs.r_max, 3), dMax: number(attrs.d_max, 5) }
  return serveNorm(
    withGamma(any(batchRenorm), question),
    x,
    affineOf(question),
    options,
    ({ y, state: next }) => ({
      y: y.data,
      running_mean: next!.mean.data,
      running_var: next!.variance.data,
    }),
  )
}

/** Statistics over `reduction_axes`, one each for every index of the other axes. */
function keptAxes(x: Tensor, reduction: readonly number[]): Record<string, number[]> {
  const rank = x.shape.length
  const reduced = reduction.map((axis) => (axis + rank) % rank)
  return { n: reduced, s: [], c: x.shape.map((_, i) => i).filter((i) => !reduced.includes(i)) }
}

const batchNormInference: Adapter = (question) => {
  const x = need(question, 'x')
  let { mean, variance, gamma, beta }: Record<string, Tensor | undefined> = {
    mean: need(question, 'mean'),
    variance: need(question, 'variance'),
    ...affineOf(question),
  }
  let options = common(question)
  if (question.attrs.stats_broadcast !== undefined) {
    // Statistics that broadcast against x: each element is a channel of its own.
    const full = (value: Tensor | undefined) => value && broadcastTo(value, x.shape)
    ;[mean, variance, gamma, beta] = [full(mean), full(variance), full(gamma), full(beta)]
    options = { epsilon: options.epsilon, axes: { n: [], s: [], c: x.shape.map((_, i) => i) } }
  }
  const state = { mean: mean!, variance: variance!, count: 1 }
  const variant = withGamma(any(batchNorm), question)
  return serveNorm(variant, x, { gamma, beta }, { ...options, training: false, state }, ({ y }) => ({
    y: y.data,
  }))
}

/** Cases may name axes out of order, and gamma then comes in that order. */
const overAxes =
  (pick: (question: Question) => AnyNorm): Adapter =>
  (question) => {
    const x = need(question, 'x')
    const rank = x.shape.length
    const axes = ((question.attrs.axes as number[] | undefined) ?? [-1]).map((axis) => (axis + rank) % rank)
    const order = axes.toSorted((a, b) => a - b).map((axis) => axes.indexOf(axis))
    const sorted = (value: Tensor | undefined) =>
      value && value.shape.length === axes.length ? transpose(value, order) : value
    // Axes before the first may be batch or not: none of them shares statistics, so all are s.
    const others = x.shape.map((_, i) => i).filter((i) => !axes.includes(i))
    const options = { epsilon: number(question.attrs.eps, 1e-5), axes: { n: [], s: others, c: axes } }
    const variant = withGamma(pick(question), question)
    const given = Object.fromEntries(
      Object.keys(variant.params).map((name) => [name, sorted(question.operand(name))]),
    )
    const served = serveNorm(variant, x, given, options, ({ y, saved }) => ({
      y: y.data,
      ...statistics(saved),
    }))
    const isSorted = order.every((value, i) => value === i)
    return isSorted
      ? served
      : { ...served, second: undefined, backward: (dy) => unsort(served.backward!(dy), given, axes) }
  }

/** Gradients of gamma and beta back in the order in which the case names its axes. */
function unsort(
  gradients: Record<string, ArrayLike<number> | undefined>,
  given: Record<string, Tensor | undefined>,
  axes: readonly number[],
): typeof gradients {
  const ascending = axes.toSorted((a, b) => a - b)
  const back = axes.map((axis) => ascending.indexOf(axis))
  const entries = Object.entries(gradients).map(([name, data]) => {
    const param = given[name.slice(1)]
    return [
      name,
      param && data ? transpose({ data: Float64Array.from(data), shape: param.shape }, back).data : data,
    ]
  })
  return Object.fromEntries(entries)
}

const group: Adapter = (question) => {
  const x = need(question, 'x')
  const options = common(question)
  const channels = x.shape.at(Number(options.axis))!
  const groups = number(question.attrs.groups, 32)
  const variant = question.attrs.group_layout === 'interleaved' ? interleaved : any(groupNorm)
  return serveNorm(
    withGamma(variant, question),
    x,
    affineOf(question),
    { ...options, g: groups === -1 ? channels : groups },
    ({ y, saved }) => ({ y: y.data, ...statistics(saved) }),
  )
}

const instance: Adapter = (question) => {
  const x = need(question, 'x')
  const options = common(question)
  if (!question.operand('running_mean'))
    return serveNorm(
      withGamma(any(instanceNorm), question),
      x,
      affineOf(question),
      options,
      ({ y, saved }) => ({
        y: y.data,
        ...statistics(saved),
      }),
    )
  const tracked = { ...options, ...running(question, x.shape, trackedInstance, options) }
  return serveNorm(withGamma(trackedInstance, question), x, affineOf(question), tracked, ({ y, state }) => ({
    y: y.data,
    running_mean: state!.mean.data,
    running_var: state!.variance.data,
  }))
}

const dropoutCase: Adapter = (question) => {
  const x = need(question, 'x')
  const y = question.wanted('y')
  const mask = question.operand('mask') ?? {
    data: Float32Array.from(y?.data ?? [], (value) => (value === 0 ? 0 : 1)),
    shape: x.shape,
  }
  const { attrs } = question
  const options = { rate: number(attrs.rate, 0.5), mask, training: attrs.training !== false }
  const result = dropout.forward(x, {}, options)
  return {
    outputs: { y: result.y.data, mask: mask.data },
    backward: (dy) => ({ dx: dropout.backward(dy, result.saved).dx.data }),
  }
}

/** Some frameworks' RMSNorm has a beta. */
const rms = ({ operand }: Question): AnyNorm =>
  operand('beta') ? any(norm({ ...rmsNorm, params: layerNorm.params })) : any(rmsNorm)

export const adapters: Readonly<Record<string, Adapter>> = {
  batch_norm_train: batchNormTrain,
  batch_norm_train_masked: batchNormTrain,
  moments_normalize: batchNormTrain,
  batch_norm_inference: batchNormInference,
  batch_renorm: renorm,
  batch_norm_backward_given_stats: batchNormBackwardGiven,
  layer_norm: overAxes(() => any(layerNorm)),
  rms_norm: overAxes(rms),
  group_norm: group,
  instance_norm: instance,
  dropout: dropoutCase,
  // Keras's old rms_scaling divides by the standard deviation and does not centre.
  layer_norm_rms_scaling: overAxes(() => any(simpleNorm)),
  ...onnxAdapters({ perGroup }),
  ...otherAdapters,
}
