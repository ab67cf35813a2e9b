/** BatchNorm's backward at statistics that a case gives. */
import type { AnyNorm } from '../../normTypes.ts'
import { product } from '../../plan.ts'
import type { FloatArray, Tensor } from '../../tensor.ts'
import { batchNorm as variant } from '../../variants/index.ts'
import { broadcastTo, sumTo } from './broadcast.ts'
import { need } from './others.ts'
import { common, type Adapter, type Arrays, type Question, type Served } from './serve.ts'

const batchNorm = variant as unknown as AnyNorm

/** Backward of training, at statistics that the case gives instead of x's own. */
export const batchNormBackwardGiven: Adapter = (question) => {
  const x = need(question, 'x')
  const options = common(question)
  const gamma = question.operand('gamma') ?? ones(x, question)
  const mean = need(question, 'mean')
  const variance = need(question, 'variance')
  if (x.data instanceof Float64Array)
    return { outputs: {}, backward: (dy) => givenInDouble({ x, gamma, mean, variance, options }, dy) }
  const { saved } = batchNorm.forward(x, { gamma, beta: ones(x, question) }, options)
  const given = {
    ...saved,
    mean: Float64Array.from(mean.data),
    variance: Float64Array.from(variance.data),
    rstd: Float64Array.from(variance.data, (value) => 1 / Math.sqrt(value + Number(options.epsilon))),
  }
  const backward: Served['backward'] = (dy) =>
    Object.fromEntries(
      Object.entries(batchNorm.backward(dy, given)).map(([name, value]) => [name, value.data]),
    )
  return { outputs: {}, backward }
}

/** The same by its formula: the reference's tape knows x's own statistics alone. */
function givenInDouble(
  given: Record<'x' | 'gamma' | 'mean' | 'variance', Tensor> & { options: Record<string, unknown> },
  dy: Tensor,
): Arrays {
  const { x, gamma, mean, variance, options } = given
  const { shape } = x
  const channels = [options.axis].flat().map((axis) => (Number(axis) + shape.length) % shape.length)
  const kept = shape.map((size, i) => (channels.includes(i) ? size : 1))
  const toX = (value: ArrayLike<number>) =>
    broadcastTo({ data: Float64Array.from(value), shape: kept }, shape).data
  const sums = (data: FloatArray) => sumTo({ data, shape }, kept).data
  const rstd = Float64Array.from(variance.data, (value) => 1 / Math.sqrt(value + Number(options.epsilon)))
  const [mu, r, g, slope] = [mean.data, rstd, gamma.data, dy.data].map((value, i) =>
    i < 3 ? toX(value) : Float64Array.from(value),
  )
  const normalized = Float64Array.from(x.data, (value, i) => (value - mu[i]) * r[i])
  const dbeta = sums(slope)
  const dgamma = sums(slope.map((value, i) => value * normalized[i]))
  const count = x.data.length / mean.data.length
  const [meanOfSlope, meanOfProduct] = [toX(dbeta), toX(dgamma)]
  const dx = slope.map(
    (value, i) => g[i] * r[i] * (value - (meanOfSlope[i] + normalized[i] * meanOfProduct[i]) / count),
  )
  return { dx, dgamma, dbeta }
}

function ones(x: Tensor, question: Question): Tensor {
  const shape = batchNorm.paramShape('gamma', x.shape, common(question))
  return { data: new Float32Array(product(shape)).fill(1), shape }
}
