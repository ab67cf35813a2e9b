/**
 * What FusedBatchNormV3 reserves for its gradient: TensorFlow's documentation names the mean, and the variance or, under
 * cuDNN, its inverse root. On a GPU it is looked at, once, before anything is built on it.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { Ops, type TensorflowBackend } from './ops.ts'

/** A given variance that with this epsilon makes exactly 1. */
export const ONE = { epsilon: 2 ** -10, variance: 1 - 2 ** -10 }

export type Reserve = 'variance' | 'rstd'

/** The mean and variance with which FusedBatchNorm does nothing but multiply and add. */
export const unit = (ops: Ops, size: number): [TensorInfo, TensorInfo] => [
  ops.zeros(size),
  ops.constant(new Float32Array(size).fill(ONE.variance), [size]),
]

/** 1 / sqrt(variance + epsilon) of each cell. @param reserved the second reserved output. */
export const rstdOf = (ops: Ops, reserved: TensorInfo, epsilon: number, kind: Reserve): TensorInfo =>
  kind === 'rstd' ? reserved : ops.rsqrt(ops.add(reserved, ops.scalar(epsilon)))

/**
 * The gradient for x, given xhat = (x - mean) rstd in place of x: as of an x whose mean is 0 and whose factor is 1, times
 * rstd. So x is not needed, nor how far from 0 it lies.
 * @param third the third reserved output.
 */
export function gradOfNormal(
  ops: Ops,
  dy: TensorInfo,
  xhat: TensorInfo,
  rstd: TensorInfo,
  third: TensorInfo,
  format: 'NCHW' | 'NHWC' | 'NCDHW' | 'NDHWC',
  kind: Reserve,
): TensorInfo {
  const [size] = rstd.shape
  const [mean, variance] = unit(ops, size)
  const reserved = [mean, kind === 'rstd' ? ops.ones(size) : variance, third]
  return ops.batchNormGrad(dy, xhat, rstd, reserved, format, ONE.epsilon, true)[0]
}

const X = [1, 2, 4, 9, -3, 0, 2, 5]
const DY = [1, -2, 0.5, 3, 2, 0, -1, 1]
const EPSILON = 0.5
const CELL = 4

/** In float64: variances, and dx. */
function expected(): { variances: number[]; dx: number[] } {
  const sum = (of: (i: number) => number, from: number) =>
    Array.from({ length: CELL }, (_, i) => of(from + i)).reduce((a, b) => a + b, 0) / CELL
  const cells = [0, CELL].map((from) => {
    const mean = sum((i) => X[i], from)
    const variance = sum((i) => (X[i] - mean) ** 2, from)
    const rstd = 1 / Math.sqrt(variance + EPSILON)
    const xhat = (i: number) => (X[i] - mean) * rstd
    const along = sum((i) => DY[i] * xhat(i), from)
    const flat = sum((i) => DY[i], from)
    const dx = Array.from({ length: CELL }, (_, i) => rstd * (DY[from + i] - flat - xhat(from + i) * along))
    return { variance, dx }
  })
  return { variances: cells.map(({ variance }) => variance), dx: cells.flatMap(({ dx }) => dx) }
}

const near = (got: ArrayLike<number>, want: readonly number[]): boolean =>
  got.length === want.length && want.every((value, i) => Math.abs(got[i] - value) < 1e-3)

function look(backend: TensorflowBackend): Reserve | undefined {
  const { variances, dx } = expected()
  let kind: Reserve | undefined
  Ops.run(backend, (ops) => {
    const shape = [1, 2, 1, CELL]
    const affine = [ops.ones(2), ops.zeros(2)] as const
    const made = ops.batchNorm(ops.constant(X, shape), affine, undefined, 'NCHW', EPSILON)
    const [xhat, , , , second, third] = made
    const values = ops.read(second)
    if (near(values, variances)) kind = 'variance'
    if (
      near(
        values,
        variances.map((variance) => 1 / Math.sqrt(variance + EPSILON)),
      )
    )
      kind = 'rstd'
    if (!kind) return []
    const rstd = rstdOf(ops, second, EPSILON, kind)
    const got = gradOfNormal(ops, ops.constant(DY, shape), xhat, rstd, third, 'NCHW', kind)
    if (!near(ops.read(got), dx)) kind = undefined
    return []
  })
  return kind
}

const known = new WeakMap<TensorflowBackend, { readonly kind: Reserve | undefined }>()

/** Undefined where it is neither, or the gradient comes out otherwise: then the composition runs. */
export function reserveOf(backend: TensorflowBackend): Reserve | undefined {
  // On the CPU it has ever been the variance, and the tests run there.
  if (!backend.isUsingGpuDevice) return 'variance'
  let found = known.get(backend)
  if (!found) known.set(backend, (found = { kind: look(backend) }))
  return found.kind
}
