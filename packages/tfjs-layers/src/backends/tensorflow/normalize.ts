/** Normalization through FusedBatchNormV3: cuDNN's on a GPU, oneDNN's and Eigen's on the CPU. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import {
  APPLY,
  cellCount,
  cellShape,
  cellSize,
  NORMALIZE,
  NORMALIZE_GRAD,
  type Cells,
  type FusedKernels,
  type NormalizeGradAttrs,
} from '../../kernels/contract.ts'
import { Ops, type TensorflowBackend } from './ops.ts'
import { gradOfNormal, ONE, reserveOf, rstdOf, unit } from './reserve.ts'
import { affineOf, cellView, lastView, type CellView } from './views.ts'

/** Reshaped, and of no more use as it was. */
function moved(ops: Ops, t: TensorInfo, shape: readonly number[]): TensorInfo {
  const result = ops.reshape(t, shape)
  if (result !== t) ops.release(t)
  return result
}

function turned(ops: Ops, t: TensorInfo, order: readonly number[]): TensorInfo {
  const result = ops.transpose(t, order)
  ops.release(t)
  return result
}

/** From any shape of x's elements to the view's. What the kernel made of `t` is released; its inputs and outputs stay. */
const into = (ops: Ops, t: TensorInfo, { before, order, shape }: CellView): TensorInfo =>
  moved(ops, before ? turned(ops, moved(ops, t, before), order!) : t, shape)

/** From the view's shape to `shape`. */
const outOf = (ops: Ops, t: TensorInfo, view: CellView, shape: readonly number[]): TensorInfo =>
  moved(ops, view.inverse ? turned(ops, moved(ops, t, view.transposed!), view.inverse) : t, shape)

const scaleOf = (ops: Ops, gamma: TensorInfo, { plusOne }: NormalizeGradAttrs): TensorInfo =>
  plusOne ? ops.add(gamma, ops.scalar(1)) : gamma

const width = ({ gamma }: Cells): number => gamma!.reduce((a, b) => a * b, 1)
const unvaried = (spread: readonly number[]): number[] =>
  spread.flatMap((size, dim) => (size === 1 ? [dim] : []))

/** dx, dscale, doffset from x itself, less what was taken off it in the forward. */
function gradOfX(
  ops: Ops,
  dy: TensorInfo,
  x: TensorInfo,
  scale: TensorInfo | undefined,
  { saved0, saved1, saved2, saved3: shift }: Readonly<Record<string, TensorInfo>>,
  view: CellView,
  { cells, epsilon }: NormalizeGradAttrs,
): TensorInfo[] {
  const laid = into(ops, x, view)
  const centred = shift ? ops.sub(laid, shift) : laid
  if (shift) ops.release(laid)
  const reserved = [saved0, saved1, saved2]
  const by = scale ?? ops.ones(cellCount(cells))
  const grads = ops.batchNormGrad(dy, centred, by, reserved, view.format, epsilon, true)
  ops.release(centred)
  return grads
}

export const normalizeKernels: FusedKernels<TensorflowBackend> = {
  [NORMALIZE]: ({ x, gamma, beta }, attrs, backend) =>
    Ops.run(backend, (ops) => {
      const { cells, epsilon, moments } = attrs
      const view = cellView(cells, x.shape)
      const affine = affineOf(attrs)
      const laid = into(ops, x, view)
      // FusedBatchNorm has one float32 mean a cell. Statistics that go into moving ones have no more than that anyway;
      // others are exact far from 0 for two operations more.
      const shift = moments ? undefined : ops.reduce('Mean', laid, view.axes)
      const centred = shift ? ops.sub(laid, shift) : laid
      if (shift) ops.release(laid)
      const scale = gamma && scaleOf(ops, gamma, attrs)
      const count = cellCount(cells)
      const inside = affine === 'inside'
      const [normal, mean, variance, ...reserved] = ops.batchNorm(
        centred,
        [
          inside && scale ? ops.reshape(scale, [count]) : ops.ones(count),
          inside && beta ? ops.reshape(beta, [count]) : ops.zeros(count),
        ],
        undefined,
        view.format,
        epsilon,
      )
      ops.release(centred)
      const found = moments
        ? [
            ops.reshape(mean, cellShape(cells)),
            ops.reshape(ops.mul(variance, ops.scalar(1 - 1 / cellSize(cells))), cellShape(cells)),
          ]
        : []
      const again = [...reserved, ...(shift ? [shift] : [])]
      const [, second, third] = reserved
      const factors = () => [rstdOf(ops, second, epsilon, reserveOf(backend)!), third]
      if (affine === 'none' || inside) return [outOf(ops, normal, view, x.shape), ...found, ...again]

      if (affine === 'last') {
        const xhat = outOf(ops, normal, view, lastView(cells))
        const size = width(cells)
        const params = [
          ops.reshape(scale!, [size]),
          beta ? ops.reshape(beta, [size]) : ops.zeros(size),
        ] as const
        const [y] = ops.batchNorm(xhat, params, unit(ops, size), 'NHWC', ONE.epsilon)
        return [moved(ops, y, x.shape), ...found, xhat, ...factors()]
      }
      const xhat = outOf(ops, normal, view, cells.sizes)
      const scaled = scale ? ops.mul(xhat, ops.reshape(scale, cells.gamma!)) : xhat
      const y = beta ? ops.add(scaled, ops.reshape(beta, cells.beta!)) : scaled
      return [ops.reshape(y, x.shape), ...found, ...(scale ? [xhat, ...factors()] : again)]
    }),

  [NORMALIZE_GRAD]: ({ dy, x, gamma, ...saved }, attrs, backend) =>
    Ops.run(backend, (ops) => {
      const { cells, gammaShape, betaShape } = attrs
      const view = cellView(cells, x.shape)
      const affine = affineOf(attrs)
      const scale = gamma && scaleOf(ops, gamma, attrs)
      const count = cellCount(cells)

      let inner = dy
      let dgamma: TensorInfo | undefined
      let dbeta: TensorInfo | undefined
      if (affine === 'last') {
        const size = width(cells)
        const given = [...unit(ops, size), ops.zeros(0)]
        const wide = ops.reshape(dy, lastView(cells))
        const by = ops.reshape(scale!, [size])
        ;[inner, dgamma, dbeta] = ops.batchNormGrad(wide, saved.saved0, by, given, 'NHWC', ONE.epsilon, false)
        ops.release(wide)
      } else if (affine === 'spread') {
        const wide = ops.reshape(dy, cells.sizes)
        if (cells.beta) dbeta = ops.reduce('Sum', wide, unvaried(cells.beta))
        if (cells.gamma) {
          const product = ops.mul(wide, saved.saved0)
          dgamma = ops.reduce('Sum', product, unvaried(cells.gamma))
          ops.release(product)
          inner = ops.mul(wide, ops.reshape(scale!, cells.gamma))
        }
      }

      const up = into(ops, inner, view)
      const outer = gamma !== undefined && affine !== 'inside'
      const [dlaid, dscale, doffset] = outer
        ? [
            gradOfNormal(
              ops,
              up,
              into(ops, saved.saved0, view),
              saved.saved1,
              saved.saved2,
              view.format,
              reserveOf(backend)!,
            ),
          ]
        : gradOfX(ops, up, x, scale && ops.reshape(scale, [count]), saved, view, attrs)
      ops.release(up)
      return [
        outOf(ops, dlaid, view, x.shape),
        ...(gammaShape ? [ops.reshape(dgamma ?? dscale, gammaShape)] : []),
        ...(betaShape ? [ops.reshape(dbeta ?? doffset, betaShape)] : []),
      ]
    }),

  [APPLY]: ({ x, mean, variance, gamma, beta }, attrs, backend) =>
    Ops.run(backend, (ops) => {
      const { cells, epsilon } = attrs
      const view = cellView(cells, x.shape)
      const count = cellCount(cells)
      const flat = (t: TensorInfo) => ops.reshape(t, [count])
      const scale = gamma ? flat(scaleOf(ops, gamma, attrs)) : ops.ones(count)
      const offset = beta ? flat(beta) : ops.zeros(count)
      const given = [flat(mean), flat(variance)] as const
      const [y] = ops.batchNorm(into(ops, x, view), [scale, offset], given, view.format, epsilon)
      return [outOf(ops, y, view, x.shape)]
    }),
}
