/**
 * A tensorflow backend without TensorFlow, for the branch that wants a GPU: it records what is run, and computes it in
 * float64 as cuDNN does, whose second reserved output is 1 / sqrt(variance + epsilon).
 */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { TensorflowBackend } from '../src/backends/tensorflow/ops.ts'

type Attrs = Record<string, unknown>
export interface Ran {
  readonly name: string
  readonly attrs: Attrs
  readonly shapes: readonly (readonly number[])[]
}
interface Held {
  readonly values: Float64Array
  readonly shape: number[]
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** Where element i of an array of `shape` lies in one of `to`, whose sizes are the same or 1. */
function under(i: number, shape: readonly number[], to: readonly number[]): number {
  const short = [...Array.from({ length: shape.length - to.length }, () => 1), ...to]
  let at = 0
  let step = 1
  for (let d = shape.length - 1, rest = i; d >= 0; rest = Math.floor(rest / shape[d--])) {
    if (short[d] > 1) at += (rest % shape[d]) * step
    step *= short[d]
  }
  return at
}

const make = (shape: readonly number[], value: (i: number) => number): Held => ({
  values: Float64Array.from({ length: product(shape) }, (_, i) => value(i)),
  shape: [...shape],
})

function elementwise(a: Held, b: Held, f: (u: number, v: number) => number): Held {
  const rank = Math.max(a.shape.length, b.shape.length)
  const long = (shape: readonly number[]) => [
    ...Array.from({ length: rank - shape.length }, () => 1),
    ...shape,
  ]
  const [u, v] = [long(a.shape), long(b.shape)]
  const shape = u.map((size, d) => Math.max(size, v[d]))
  return make(shape, (i) => f(a.values[under(i, shape, u)], b.values[under(i, shape, v)]))
}

function sum(t: Held, axes: readonly number[]): Held {
  const shape = t.shape.map((size, d) => (axes.includes(d) ? 1 : size))
  const result = make(shape, () => 0)
  t.values.forEach((value, i) => (result.values[under(i, t.shape, shape)] += value))
  return result
}

function transpose(t: Held, order: readonly number[]): Held {
  const shape = order.map((d) => t.shape[d])
  const steps = order.map((d) => product(t.shape.slice(d + 1)))
  return make(shape, (i) => {
    let at = 0
    for (let d = shape.length - 1, rest = i; d >= 0; rest = Math.floor(rest / shape[d--]))
      at += (rest % shape[d]) * steps[d]
    return t.values[at]
  })
}

/** Which channel element i belongs to. */
const channelOf = ({ shape }: Held, format: string) => {
  const inner = format.endsWith('C') ? 1 : product(shape.slice(2))
  const channels = format.endsWith('C') ? shape.at(-1)! : shape[1]
  return { channels, of: (i: number) => Math.floor(i / inner) % channels }
}

function meanBy(x: Held, format: string, value: (i: number) => number): Held {
  const { channels, of } = channelOf(x, format)
  const result = make([channels], () => 0)
  x.values.forEach((_, i) => (result.values[of(i)] += (value(i) * channels) / x.values.length))
  return result
}

function batchNorm([x, scale, offset, mean, variance]: Held[], attrs: Attrs): Held[] {
  const {
    data_format: format,
    epsilon,
    is_training: training,
  } = attrs as { data_format: string; epsilon: number; is_training: boolean }
  const { of } = channelOf(x, format)
  const m = training ? meanBy(x, format, (i) => x.values[i]) : mean
  const v = training ? meanBy(x, format, (i) => (x.values[i] - m.values[of(i)]) ** 2) : variance
  const rstd = make(v.shape, (c) => 1 / Math.sqrt(v.values[c] + epsilon))
  const y = make(
    x.shape,
    (i) => (x.values[i] - m.values[of(i)]) * rstd.values[of(i)] * scale.values[of(i)] + offset.values[of(i)],
  )
  const n = x.values.length / m.values.length
  return [y, m, make(v.shape, (c) => (v.values[c] * n) / Math.max(n - 1, 1)), m, rstd, make([0], () => 0)]
}

function batchNormGrad([dy, x, scale, mean, second]: Held[], attrs: Attrs): Held[] {
  const {
    data_format: format,
    epsilon,
    is_training: training,
  } = attrs as { data_format: string; epsilon: number; is_training: boolean }
  if (!training && format !== 'NHWC') throw new Error('only NHWC without training')
  const { of } = channelOf(x, format)
  const rstd = training ? second : make(second.shape, (c) => 1 / Math.sqrt(second.values[c] + epsilon))
  const xhat = (i: number) => (x.values[i] - mean.values[of(i)]) * rstd.values[of(i)]
  const n = x.values.length / mean.values.length
  const flat = meanBy(x, format, (i) => dy.values[i])
  const along = meanBy(x, format, (i) => dy.values[i] * xhat(i))
  const off = (i: number) => (training ? flat.values[of(i)] + xhat(i) * along.values[of(i)] : 0)
  return [
    make(x.shape, (i) => scale.values[of(i)] * rstd.values[of(i)] * (dy.values[i] - off(i))),
    make(mean.shape, (c) => along.values[c] * n),
    make(mean.shape, (c) => flat.values[c] * n),
    make([0], () => 0),
    make([0], () => 0),
  ]
}

const OPS: Record<string, (inputs: Held[], attrs: Attrs) => Held[]> = {
  Reshape: ([t, shape]) => [{ values: t.values, shape: [...shape.values] }],
  Transpose: ([t, order]) => [transpose(t, [...order.values])],
  AddV2: ([a, b]) => [elementwise(a, b, (u, v) => u + v)],
  Sub: ([a, b]) => [elementwise(a, b, (u, v) => u - v)],
  Mul: ([a, b]) => [elementwise(a, b, (u, v) => u * v)],
  Sum: ([t, axes]) => [sum(t, [...axes.values])],
  Mean: ([t, axes]) => {
    const total = sum(t, [...axes.values])
    return [make(total.shape, (i) => (total.values[i] * total.values.length) / t.values.length)]
  },
  FusedBatchNormV3: batchNorm,
  FusedBatchNormGradV3: batchNormGrad,
}

export class FakeTensorflow {
  readonly isUsingGpuDevice = true
  readonly binding = {
    TF_ATTR_TYPE: 0,
    TF_ATTR_STRING: 1,
    TF_ATTR_FLOAT: 2,
    TF_ATTR_BOOL: 3,
    TF_FLOAT: 1,
    TF_INT32: 3,
    TF_BOOL: 10,
  }
  readonly ran: Ran[] = []
  readonly #held = new Map<object, Held>()

  /** As the kernels want it. */
  get backend(): TensorflowBackend {
    return this as unknown as TensorflowBackend
  }
  get alive(): number {
    return this.#held.size
  }

  hold(held: Held): TensorInfo {
    const dataId = {}
    this.#held.set(dataId, held)
    const dispose = () => void this.disposeData(dataId)
    return { dataId, shape: held.shape, dtype: 'float32', dispose } as TensorInfo
  }
  write(values: Float32Array, shape: number[]): object {
    const { dataId } = this.hold({ values: Float64Array.from(values), shape })
    return dataId
  }
  disposeData(dataId: object): void {
    if (!this.#held.delete(dataId)) throw new Error('disposed of twice')
  }
  readSync(dataId: object): Float32Array {
    return Float32Array.from(this.#held.get(dataId)!.values)
  }
  executeMultipleOutputs(
    name: string,
    list: readonly { name: string; value: unknown }[],
    inputs: readonly TensorInfo[],
    count: number,
  ): TensorInfo[] {
    const attrs = Object.fromEntries(list.map((attr) => [attr.name, attr.value]))
    this.ran.push({ name, attrs, shapes: inputs.map(({ shape }) => shape) })
    const outputs = OPS[name](
      inputs.map(({ dataId, shape }) => ({ values: this.#held.get(dataId)!.values, shape })),
      attrs,
    )
    if (outputs.length !== count) throw new Error(`${name} has ${outputs.length} outputs, not ${count}`)
    return outputs.map((held) => this.hold(held))
  }
  executeSingleOutput(
    ...args: Parameters<FakeTensorflow['executeMultipleOutputs']> extends [...infer A, number] ? A : never
  ): TensorInfo {
    return this.executeMultipleOutputs(...args, 1)[0]
  }
}
