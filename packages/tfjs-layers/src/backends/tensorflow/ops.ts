/** TensorFlow's own operations, by name through tfjs-node's binding; what a kernel makes on its way is disposed of with it. */
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'

interface Attr {
  readonly name: string
  readonly type: number
  readonly value: unknown
}
interface Binding {
  readonly TF_ATTR_TYPE: number
  readonly TF_ATTR_STRING: number
  readonly TF_ATTR_FLOAT: number
  readonly TF_ATTR_BOOL: number
  readonly TF_FLOAT: number
  readonly TF_INT32: number
  readonly TF_BOOL: number
}
/** tfjs-node's and tfjs-node-gpu's, as far as it is used here. */
export interface TensorflowBackend extends KernelBackend {
  readonly binding: Binding
  readonly isUsingGpuDevice: boolean
  executeSingleOutput(name: string, attrs: readonly Attr[], inputs: readonly TensorInfo[]): TensorInfo
  executeMultipleOutputs(
    name: string,
    attrs: readonly Attr[],
    inputs: readonly TensorInfo[],
    count: number,
  ): TensorInfo[]
}

export type Format = 'NHWC' | 'NCHW' | 'NDHWC' | 'NCDHW'
type DType = 'float32' | 'int32'

/** Tensors of tfjs can dispose of themselves; what `write` gave cannot. */
interface Disposable extends TensorInfo {
  dispose?: () => void
}

export class Ops {
  readonly backend: TensorflowBackend
  readonly #made = new Set<Disposable>()

  private constructor(backend: TensorflowBackend) {
    this.backend = backend
  }

  /** Runs a kernel. All but what it returns is disposed of, also where it throws. */
  static run(backend: TensorflowBackend, kernel: (ops: Ops) => TensorInfo[]): TensorInfo[] {
    const ops = new Ops(backend)
    try {
      const results = kernel(ops)
      for (const result of results) ops.#made.delete(result)
      return results
    } finally {
      for (const info of ops.#made) ops.#dispose(info)
    }
  }

  /** Disposes before the kernel ends: of large tensors that it needs no more. Inputs stay. */
  release(info: TensorInfo): void {
    if (this.#made.delete(info)) this.#dispose(info)
  }

  #dispose(info: Disposable): void {
    if (info.dispose) info.dispose()
    else this.backend.disposeData(info.dataId, true)
  }

  #one(name: string, attrs: readonly Attr[], inputs: readonly TensorInfo[]): TensorInfo {
    const info = this.backend.executeSingleOutput(name, attrs, inputs)
    this.#made.add(info)
    return info
  }

  #type(name: string, dtype: DType | 'bool' = 'float32'): Attr {
    const { binding } = this.backend
    const value = { float32: binding.TF_FLOAT, int32: binding.TF_INT32, bool: binding.TF_BOOL }[dtype]
    return { name, type: binding.TF_ATTR_TYPE, value }
  }
  #flag = (name: string, value: boolean): Attr => ({ name, type: this.backend.binding.TF_ATTR_BOOL, value })
  #float = (name: string, value: number): Attr => ({ name, type: this.backend.binding.TF_ATTR_FLOAT, value })
  #text = (name: string, value: string): Attr => ({ name, type: this.backend.binding.TF_ATTR_STRING, value })

  /** No operation: the values are handed over with the first one that takes them. */
  constant(
    values: readonly number[] | Float32Array,
    shape: readonly number[],
    dtype: DType = 'float32',
  ): TensorInfo {
    const data = dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)
    const info = { dataId: this.backend.write(data, [...shape], dtype), shape: [...shape], dtype }
    this.#made.add(info)
    return info
  }
  scalar(value: number): TensorInfo {
    return this.constant([value], [])
  }
  ones(size: number): TensorInfo {
    return this.constant(new Float32Array(size).fill(1), [size])
  }
  zeros(size: number): TensorInfo {
    return this.constant(new Float32Array(size), [size])
  }
  #integers(values: readonly number[]): TensorInfo {
    return this.constant(values, [values.length], 'int32')
  }

  reshape(t: TensorInfo, shape: readonly number[]): TensorInfo {
    if (String(t.shape) === String(shape)) return t
    return this.#one('Reshape', [this.#type('T'), this.#type('Tshape', 'int32')], [t, this.#integers(shape)])
  }

  transpose(t: TensorInfo, order: readonly number[]): TensorInfo {
    return this.#one('Transpose', [this.#type('T'), this.#type('Tperm', 'int32')], [t, this.#integers(order)])
  }

  add(a: TensorInfo, b: TensorInfo): TensorInfo {
    return this.#one('AddV2', [this.#type('T')], [a, b])
  }
  sub(a: TensorInfo, b: TensorInfo): TensorInfo {
    return this.#one('Sub', [this.#type('T')], [a, b])
  }
  mul(a: TensorInfo, b: TensorInfo): TensorInfo {
    return this.#one('Mul', [this.#type('T')], [a, b])
  }

  rsqrt(t: TensorInfo): TensorInfo {
    return this.#one('Rsqrt', [this.#type('T')], [t])
  }

  /** Its values: waits for the device. */
  read(t: TensorInfo): Float32Array {
    return this.backend.readSync(t.dataId) as Float32Array
  }

  /** Over some axes, which stay with size 1. */
  reduce(name: 'Mean' | 'Sum', t: TensorInfo, axes: readonly number[]): TensorInfo {
    const attrs = [this.#flag('keep_dims', true), this.#type('T'), this.#type('Tidx', 'int32')]
    return this.#one(name, attrs, [t, this.#integers(axes)])
  }

  /** y, mean and variance of the batch (the latter Bessel-corrected), and three tensors for the gradient alone. */
  batchNorm(
    x: TensorInfo,
    [scale, offset]: readonly [TensorInfo, TensorInfo],
    given: readonly [TensorInfo, TensorInfo] | undefined,
    format: Format,
    epsilon: number,
  ): TensorInfo[] {
    const [mean, variance] = given ?? [this.zeros(0), this.zeros(0)]
    const attrs = [...this.#batchNormAttrs(format, epsilon, !given), this.#float('exponential_avg_factor', 1)]
    return this.#many('FusedBatchNormV3', attrs, [x, scale, offset, mean, variance], 6)
  }

  /** dx, dscale, doffset. @param reserved the three of the forward; with given statistics, these and an empty one. */
  batchNormGrad(
    dy: TensorInfo,
    x: TensorInfo,
    scale: TensorInfo,
    reserved: readonly TensorInfo[],
    format: Format,
    epsilon: number,
    training: boolean,
  ): TensorInfo[] {
    const attrs = this.#batchNormAttrs(format, epsilon, training)
    return this.#many('FusedBatchNormGradV3', attrs, [dy, x, scale, ...reserved], 5)
  }

  #batchNormAttrs(format: Format, epsilon: number, training: boolean): Attr[] {
    return [
      this.#type('T'),
      this.#type('U'),
      this.#float('epsilon', epsilon),
      this.#text('data_format', format),
      this.#flag('is_training', training),
    ]
  }

  #many(name: string, attrs: readonly Attr[], inputs: readonly TensorInfo[], count: number): TensorInfo[] {
    const infos = this.backend.executeMultipleOutputs(name, attrs, inputs, count)
    for (const info of infos) this.#made.add(info)
    return infos
  }

  /** Uniform in [0, 1), from TensorFlow's own counter-based generator. */
  uniform(shape: readonly number[], seed: readonly [number, number]): TensorInfo {
    const attrs = [this.#type('dtype'), this.#type('T', 'int32'), this.#type('Tseed', 'int32')]
    return this.#one('StatelessRandomUniform', attrs, [this.#integers(shape), this.#integers(seed)])
  }

  greaterEqual(a: TensorInfo, b: TensorInfo): TensorInfo {
    return this.#one('GreaterEqual', [this.#type('T')], [a, b])
  }

  /** a where the condition holds, else b: no product, so that a NaN that is not chosen leaves no trace. */
  select(condition: TensorInfo, a: TensorInfo, b: TensorInfo): TensorInfo {
    return this.#one('SelectV2', [this.#type('T')], [condition, a, b])
  }
}
