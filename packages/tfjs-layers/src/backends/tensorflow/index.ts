/** The fused kernels of tfjs-node and tfjs-node-gpu. */
import {
  APPLY,
  cellSize,
  DROPOUT,
  registerFused,
  type CommonAttrs,
  type FusedKernels,
} from '../../kernels/contract.ts'
import { dropoutKernels } from './dropout.ts'
import { normalizeKernels } from './normalize.ts'
import type { TensorflowBackend } from './ops.ts'
import { reserveOf } from './reserve.ts'
import { affineOf, cellView } from './views.ts'

/** cuDNN refuses a smaller epsilon; Keras has the same limit. */
const CUDNN_MIN_EPSILON = 1.001e-5

/** TensorFlow broadcasts no more of them that take turns. */
const MOST_DIMS = 5

export const kernels: FusedKernels<TensorflowBackend> = { ...normalizeKernels, ...dropoutKernels }

/** FusedBatchNorm centres and divides by the standard deviation, always; epsilon 0 would divide by 0. */
export function serves(name: string, attrs: object, backend: TensorflowBackend): boolean {
  if (name === DROPOUT) return true
  const common = attrs as CommonAttrs
  if (!common.center || common.scale !== 'std') return false
  if (backend.isUsingGpuDevice ? common.epsilon < CUDNN_MIN_EPSILON : !(common.epsilon > 0)) return false
  const affine = affineOf(common)
  // Of a cell of two, dx is what rounding leaves: the composition leaves more.
  if (name !== APPLY)
    return (
      reserveOf(backend) !== undefined &&
      cellSize(common.cells) > 2 &&
      (affine !== 'spread' || common.cells.sizes.length <= MOST_DIMS)
    )
  return ['none', 'inside'].includes(affine) && !cellView(common.cells, []).order
}

export const registerTensorflow = (): void => registerFused<TensorflowBackend>('tensorflow', kernels, serves)
