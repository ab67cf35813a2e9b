/** ONNX's operators: operands by position, outputs by the node's own names. */
import type { AnyNorm } from '../../normTypes.ts'
import { product } from '../../plan.ts'
import type { Tensor } from '../../tensor.ts'
import { batchNorm, dropout, groupNorm, instanceNorm, layerNorm, rmsNorm } from '../../variants/index.ts'
import { number, serveNorm, type Adapter, type Arrays, type Question } from './serve.ts'

const any = (variant: unknown): AnyNorm => variant as AnyNorm

/** Values under the names that the node gives its outputs, in the operator's order. */
export function named({ entry }: Question, values: readonly (ArrayLike<number> | undefined)[]): Arrays {
  const names = entry.node_outputs ?? entry.outputs.map((output) => output.name)
  return Object.fromEntries(names.map((name, i) => [name, values[i]]))
}

const epsilonOf = ({ attrs }: Question): number => number(attrs.epsilon, 1e-5)

const batchNormalization: Adapter = (question) => {
  const { attrs, entry, input } = question
  const [x, gamma, beta, mean, variance] = [0, 1, 2, 3, 4].map(input) as Tensor[]
  // Before opset 14 the mode was said by is_test, later by the number of outputs.
  const training =
    entry.opset !== undefined && entry.opset < 14
      ? attrs.is_test === 0 || (attrs.is_test === undefined && entry.outputs.length > 1)
      : number(attrs.training_mode, 0) === 1
  // A vector has one channel.
  const binding = x.shape.length === 1 ? { axes: { n: 0, c: [] } } : { axis: 1 }
  // ONNX's momentum is the weight of the old value, and the stored variance is biased.
  const options = {
    ...binding,
    epsilon: epsilonOf(question),
    decay: number(attrs.momentum, 0.9),
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

/** Statistics over `axis` and all axes after it. */
const trailing =
  (variant: AnyNorm): Adapter =>
  (question) => {
    const x = question.input(0)!
    const rank = x.shape.length
    const from = (number(question.attrs.axis, -1) + rank) % rank
    const all = x.shape.map((_, i) => i)
    const options = {
      epsilon: epsilonOf(question),
      axes: { n: [], s: all.slice(0, from), c: all.slice(from) },
    }
    const given =
      'beta' in variant.params
        ? { gamma: question.input(1), beta: question.input(2) }
        : { gamma: question.input(1) }
    return serveNorm(variant, x, given, options, ({ y, saved }) =>
      named(question, [y.data, saved.mean, saved.rstd]),
    )
  }

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
