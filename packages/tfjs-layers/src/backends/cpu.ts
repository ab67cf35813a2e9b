/** The cpu backend: its arrays pass through core's WebAssembly, or core's plain loops where there is none. */
import { KernelHost } from '@normlab/core/kernels'
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'
import { registerFused } from '../kernels/contract.ts'
import { kernelsOnHost } from './onHost.ts'

/** The part of tfjs's MathBackendCPU that is used. */
interface CpuBackend extends KernelBackend {
  readonly data: { get(dataId: object): { values: Float32Array } }
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): TensorInfo
}

export function registerCpu(): void {
  const host = new KernelHost()
  // Values may be a plain list: tf.tensor keeps what it is given.
  const values = (backend: CpuBackend, { dataId }: TensorInfo): Float32Array => {
    const { values: kept } = backend.data.get(dataId)
    return kept instanceof Float32Array ? kept : new Float32Array(kept)
  }
  registerFused<CpuBackend>(
    'cpu',
    kernelsOnHost({
      host: () => host,
      place: values,
      values,
      make: (backend, shape, made) =>
        backend.makeTensorInfo(
          [...shape],
          'float32',
          made ?? new Float32Array(shape.reduce((a, b) => a * b, 1)),
        ),
    }),
  )
}
