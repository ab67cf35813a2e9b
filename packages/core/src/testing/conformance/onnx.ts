/** ONNX's operators: operands by position, outputs by the node's own names. */
import { norm } from '../../norm.ts'
import type { AnyNorm } from '../../normTypes.ts'
import { product } from '../../plan.ts'
import { batchNorm, dropout, groupNorm, instanceNorm, layerNorm, rmsNorm } from '../../variants/index.ts'
import { shorten } from './broadcast.ts'
import { number, serveNorm, type Adapter, type Arrays, type Question } from './serve.ts'

const any = (variant: unknown): AnyNorm => variant as AnyNorm

/** Values under the names that the node gives its outputs, in the operator's order. */
export function named({ entry }: Question, values: readonly (ArrayLike<number> | undefined)[]): Arrays {
  const names = entry.node_outputs ?? entry.outputs.map((output) => output.name)
  return Object.fromEntries(names.map((name, i) => [name, values[i]]))
}

/** ONNX's attributes are float32, their defaults too. */
export const single = (attribute: unknown, fallback: number): number =>
  number(attribute, Math.fround(fallback))

const epsilonOf = ({ attrs }: Question): number => single(attrs.epsilon, 1e-5)

const batchNormalization: Adapter = (question) => {
  const { attrs, entry, input } = question
  const x = input(0)!
  // A vector has one channel: its statistics have no axes here.
  const isVector = x.shape.length === 1
  const binding = isVector ? { axes: { n: 0, c: [] } } : { axis: 1 }
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((i) => {
    const value = input(i)!
    return isVector ? shorten(value, 0) : value
  })
  // Before opset 14 the mode was said by is_test, later by the number of outputs.
  const training =
    entry.opset !== undefined && entry.opset < 14
      ? attrs.is_test === 0 || (attrs.is_test === undefined && entry.outputs.length > 1)
      : number(attrs.training_mode, 0) === 1
  // ONNX's momentum is the weight of the old value, and the stored variance is biased.
  const options = {
    ...binding,
    epsilon: epsilonOf(question),
    decay: single(attrs.momentum, 0.9),
    training,
    state: { mean, variance, count: 0 },
  }
  return serveNorm(any(batchNorm), x, { gamma, beta }, options, ({ y, state, saved }) =>
    named(question, [y.data, state!.mean.data, state!.variance.data, saved.mean, saved.variance]),
  )
}

const groupNormalization =
  (perGroup: AnyNorm): Adapter =>
  (question) => {
    const { attrs, entry, input } = question
    const variant = entry.opset !== undefined && entry.opset < 21 ? perGroup : any(groupNorm)
    return serveNorm(
      variant,
      input(0)!,
      { gamma: input(1), beta: input(2) },
      { axis: 1, g: number(attrs.num_groups, 1), epsilon: epsilonOf(question) },
      ({ y }) => named(question, [y.data]),
    )
  }

const instanceNormalization: Adapter = (question) =>
  serveNorm(
    any(instanceNorm),
    question.input(0)!,
    { gamma: question.input(1), beta: question.input(2) },
    { axis: 1, epsilon: epsilonOf(question) },
    ({ y }) => named(question, [y.data]),
  )

/** Statistics over `axis` and all axes after it; gamma and beta broadcast against x, and so may go by the axes before it too. */
const trailing =
  (plain: AnyNorm): Adapter =>
  (question) => {
    const x = question.input(0)!
    const rank = x.shape.length
    const from = (number(question.attrs.axis, -1) + rank) % rank
    const all = x.shape.map((_, i) => i)
    const options = {
      epsilon: epsilonOf(question),
      axes: { n: [], s: all.slice(0, from), c: all.slice(from) },
    }
    const given = Object.fromEntries(
      Object.keys(plain.params).map((name, i) => {
        const value = question.input(i + 1)
        return [name, value && shorten(value, rank - from)]
      }),
    )
    const byAll = Object.values(given).some((value) => value && value.shape.length > rank - from)
    const variant = byAll ? any(norm({ ...plain, params: everywhere(plain.params) })) : plain
    return serveNorm(variant, x, given, options, ({ y, saved }) =>
      named(question, [y.data, saved.mean, saved.rstd]),
    )
  }

const everywhere = (params: AnyNorm['params']): AnyNorm['params'] =>
  Object.fromEntries(Object.entries(params).map(([name, param]) => [name, { ...param, along: 's c' }]))

const onnxDropout: Adapter = (question) => {
  const { attrs, entry, input, wanted } = question
  const x = input(0)!
  const old = entry.opset !== undefined && entry.opset < 12
  const rate = old ? number(attrs.ratio, 0.5) : (input(1)?.data[0] ?? 0.5)
  const training = old ? attrs.is_test === 0 : (input(2)?.data[0] ?? 0) !== 0
  const y = wanted((entry.node_outputs ?? [entry.outputs[0].name])[0])
  const kept = {
    data: Float32Array.from({ length: product(x.shape) }, (_, i) => (training && y?.data[i] === 0 ? 0 : 1)),
    shape: x.shape,
  }
  const result = dropout.forward(x, {}, { rate, training, mask: kept })
  return {
    outputs: named(question, [result.y.data, kept.data]),
    backward: (dy) => ({ dx: dropout.backward(dy, result.saved).dx.data }),
  }
}

export function onnxAdapters({ perGroup }: { perGroup: AnyNorm }): Record<string, Adapter> {
  return {
    BatchNormalization: batchNormalization,
    Dropout: onnxDropout,
    GroupNormalization: groupNormalization(perGroup),
    InstanceNormalization: instanceNormalization,
    LayerNormalization: trailing(any(layerNorm)),
    RMSNormalization: trailing(any(rmsNorm)),
  }
}
