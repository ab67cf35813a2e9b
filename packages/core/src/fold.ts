/** Folding: a normalization's constants go into the weights beside it, and the answer stays the same. */
import { checkNumber, checkOptions, NormlabError, show } from './errors.ts'
import { cellIndex } from './offsets.ts'
import { planOf } from './brackets.ts'
import type { Plan } from './plan.ts'
import { checkTensor, tensorLike, type Tensor } from './tensor.ts'

/** A linear or convolution layer. */
export interface Linear {
  /** Any rank: [in, out], [out, in], [height, width, in, out] and so on. */
  readonly kernel: Tensor
  /** One value an output. */
  readonly bias?: Tensor
}

/** An inference BatchNorm, a parameter left out at its initial value. */
export interface FoldedNorm {
  readonly gamma?: Tensor
  readonly beta?: Tensor
  readonly state: { readonly mean: Tensor; readonly variance: Tensor }
  /** Default 1e-5. */
  readonly epsilon?: number
}

type Axes = number | readonly number[]

/**
 * linear, then inference BatchNorm = one linear layer: W' = W s, b' = (b - mean) s + beta, s = gamma / sqrt(variance + epsilon).
 * @param options.axis output axis or axes of the kernel; default -1 (Keras; PyTorch's is 0; depthwise [2, 3]).
 * @throws NormlabError naming the argument.
 */
export function foldBatchNorm(
  linear: Linear,
  norm: FoldedNorm,
  options: { axis?: Axes } = {},
): Required<Linear> {
  checkOptions('norm', norm)
  checkOptions('options', options)
  const { axis = -1 } = options
  const { kernel, plan, outputAt, bias } = openLinear(linear, axis)
  const { epsilon = 1e-5 } = norm
  const gamma = vectorOf('gamma', norm.gamma, plan.cells, 1)
  const beta = vectorOf('beta', norm.beta, plan.cells, 0)
  const mean = vectorOf('state.mean', norm.state?.mean, plan.cells)
  const variance = vectorOf('state.variance', norm.state?.variance, plan.cells)
  checkNumber('epsilon', epsilon, [0])
  const scale = gamma.map((g, o) => g / Math.sqrt(variance[o] + epsilon))
  const folded = bias.map((b, o) => (b - mean[o]) * scale[o] + beta[o])
  const scaled = Float64Array.from(kernel.data, (value, i) => value * scale[outputAt[i]])
  return layerOf(kernel, scaled, folded)
}

/**
 * LayerNorm, then linear = the division by the standard deviation, then one linear layer: W' = W diag(gamma) and
 * b' = b + W beta; centring folds as well, for W (x - mean) = (W minus its mean over inputs) x. What is left of the norm is
 * x / sqrt(variance + epsilon), which `simpleNorm` computes. A convolution must not pad: at the border beta would be missing.
 * @param options.inputAxis axis of the kernel that the norm's features run along; default -2 (Keras; PyTorch's is 1).
 * @param options.axis output axis or axes; default -1. All other axes are taps of a convolution.
 * @param options.centering fold the centring too; default true.
 */
export function foldLayerNorm(
  linear: Linear,
  params: { gamma?: Tensor; beta?: Tensor },
  options: { inputAxis?: number; axis?: Axes; centering?: boolean } = {},
): Required<Linear> {
  checkOptions('params', params)
  checkOptions('options', options)
  const { gamma, beta } = params
  const { inputAxis = -2, axis = -1, centering = true } = options
  const { kernel, plan, outputAt, bias } = openLinear(linear, axis)
  const { features, featureAt } = featuresOf(kernel, inputAxis, plan)
  const g = vectorOf('gamma', gamma, features, 1)
  const b = vectorOf('beta', beta, features, 0)
  const scaled = Float64Array.from(kernel.data, (value, i) => value * g[featureAt[i]])
  const folded = Float64Array.from(bias)
  kernel.data.forEach((value, i) => (folded[outputAt[i]] += value * b[featureAt[i]]))
  if (centering) centreOver(scaled, kernel, inputAxis)
  return layerOf(kernel, scaled, folded)
}

/**
 * linear, then LayerNorm = a linear layer whose outputs have mean 0, then RMSNorm with the same gamma and beta: the mean over
 * outputs is taken out of kernel and bias. For each input (and tap).
 * @param options.axis output axis of the kernel; default -1.
 */
export function foldCentering(linear: Linear, options: { axis?: number } = {}): Required<Linear> {
  checkOptions('options', options)
  const { axis = -1 } = options
  const { kernel, bias } = openLinear(linear, axis)
  const centred = Float64Array.from(kernel.data)
  centreOver(centred, kernel, axis)
  const mean = bias.reduce((sum, value) => sum + value, 0) / Math.max(1, bias.length)
  return layerOf(
    kernel,
    centred,
    bias.map((value) => value - mean),
  )
}

function openLinear(linear: Linear, axis: Axes) {
  checkOptions('linear', linear)
  const { kernel, bias } = linear
  checkTensor('kernel', kernel)
  const plan = planOf('o i -> o', kernel.shape, { axis })
  return {
    kernel,
    plan,
    outputAt: cellIndex(plan),
    bias: vectorOf('bias', bias, plan.cells, 0),
  }
}

function featuresOf(
  kernel: Tensor,
  inputAxis: number,
  outputs: Plan,
): { features: number; featureAt: Int32Array } {
  const plan = planOf('o i -> o', kernel.shape, { axis: inputAxis })
  if (outputs.binding.o.includes(plan.binding.o[0]))
    throw new NormlabError(
      'inputAxis',
      `${inputAxis} is the output axis too`,
      "Give the axis of the kernel's inputs",
    )
  return { features: plan.cells, featureAt: cellIndex(plan) }
}

/** Takes the mean along `axis` out of every line along it. */
function centreOver(data: Float64Array, { shape }: Tensor, axis: number): void {
  const plan = planOf('o i -> i', shape, { axis })
  const index = cellIndex(plan)
  const sums = new Float64Array(plan.cells)
  data.forEach((value, i) => (sums[index[i]] += value))
  data.forEach((value, i) => (data[i] = value - sums[index[i]] / plan.count))
}

function vectorOf(
  argument: string,
  value: Tensor | undefined,
  length: number,
  missing?: number,
): Float64Array {
  if (value === undefined && missing !== undefined) return new Float64Array(length).fill(missing)
  checkTensor(argument, value)
  if (value.data.length !== length)
    throw new NormlabError(`${argument}.shape`, show(value.shape), `Give ${length} values`)
  return Float64Array.from(value.data)
}

const layerOf = (kernel: Tensor, values: Float64Array, bias: Float64Array): Required<Linear> => ({
  kernel: tensorLike(kernel, values, kernel.shape),
  bias: tensorLike(kernel, bias, [bias.length]),
})
