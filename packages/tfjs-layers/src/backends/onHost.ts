/** The fused kernels on core's loops, for any backend whose tensors they can reach. */
import { factor, type CellStatistics, type KernelHost, type Place } from '@normlab/core/kernels'
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'
import {
  APPLY,
  APPLY_GRAD,
  cellCount,
  cellShape,
  DROPOUT,
  NORMALIZE,
  NORMALIZE_GRAD,
  type ApplyAttrs,
  type Cells,
  type FusedKernels,
} from '../kernels/contract.ts'
import { specOf } from './tables.ts'

/** How core reaches a backend's tensors. */
export interface Access<B> {
  host(backend: B): KernelHost
  /** Where a tensor lies: x, y, dy, dx. */
  place(backend: B, info: TensorInfo): Place
  /** Its values, to be read before anything else is allocated. */
  values(backend: B, info: TensorInfo): Float32Array
  /** A new tensor, of these values or of any. */
  make(backend: B, shape: readonly number[], values?: Float32Array): TensorInfo
}

const FIELDS = ['mean', 'variance', 'rstd'] as const

export function kernelsOnHost<B extends KernelBackend>(access: Access<B>): FusedKernels<B> {
  const floats = (backend: B, info: TensorInfo | undefined): Float32Array | undefined =>
    info && access.values(backend, info)

  /** float64 as pairs of float32: tfjs has no other place for them. */
  const save = (backend: B, stats: CellStatistics): TensorInfo => {
    const cells = stats.mean.length
    const all = new Float64Array(FIELDS.length * cells)
    FIELDS.forEach((field, i) => all.set(stats[field], i * cells))
    return access.make(backend, [all.length * 2], new Float32Array(all.buffer))
  }
  const restore = (backend: B, info: TensorInfo, cells: number): CellStatistics => {
    const all = new Float64Array(access.values(backend, info).slice().buffer)
    const [mean, variance, rstd] = FIELDS.map((_, i) => all.subarray(i * cells, (i + 1) * cells))
    return { mean, variance, rstd }
  }
  const given = (
    backend: B,
    { mean, variance }: { readonly mean: TensorInfo; readonly variance: TensorInfo },
    { scale, epsilon }: ApplyAttrs,
  ): CellStatistics => {
    const [m, v] = [mean, variance].map((info) => new Float64Array(access.values(backend, info)))
    return { mean: m, variance: v, rstd: v.map((value) => factor(scale, value, epsilon)) }
  }
  const cellwise = (backend: B, cells: Cells, values: Float64Array): TensorInfo =>
    access.make(backend, cellShape(cells), new Float32Array(values))

  const pull = (
    backend: B,
    { dy, x, gamma }: { readonly dy: TensorInfo; readonly x: TensorInfo; readonly gamma?: TensorInfo },
    attrs: ApplyAttrs,
    stats: CellStatistics,
    isGiven: boolean,
  ) => {
    const { gammaShape, betaShape } = attrs
    const beta = betaShape && new Float32Array(betaShape.reduce((a, b) => a * b, 1))
    const spec = specOf(attrs, floats(backend, gamma)?.slice(), beta)
    const dx = access.make(backend, x.shape)
    const [from, up, to] = [x, dy, dx].map((info) => access.place(backend, info))
    const found = access.host(backend).backward(spec, from, up, to, stats, isGiven)
    const param = (values: Float64Array | undefined, shape: readonly number[] | undefined) =>
      values ? [access.make(backend, shape!, new Float32Array(values))] : []
    const params = [...param(found.dgamma, gammaShape), ...param(found.dbeta, betaShape)]
    return { dx, params, found }
  }

  return {
    [NORMALIZE]({ x, gamma, beta }, attrs, backend) {
      const spec = specOf(attrs, floats(backend, gamma)?.slice(), floats(backend, beta)?.slice())
      const y = access.make(backend, x.shape)
      const stats = access
        .host(backend)
        .forward(spec, access.place(backend, x), access.place(backend, y), null)
      const moments = attrs.moments
        ? [stats.mean, stats.variance].map((values) => cellwise(backend, attrs.cells, values))
        : []
      return [y, ...moments, save(backend, stats)]
    },
    [NORMALIZE_GRAD](inputs, attrs, backend) {
      const stats = restore(backend, inputs.saved0, cellCount(attrs.cells))
      const { dx, params } = pull(backend, inputs, attrs, stats, false)
      return [dx, ...params]
    },
    [APPLY](inputs, attrs, backend) {
      const { x, gamma, beta } = inputs
      const spec = specOf(attrs, floats(backend, gamma)?.slice(), floats(backend, beta)?.slice())
      const stats = given(backend, inputs, attrs)
      const y = access.make(backend, x.shape)
      access.host(backend).forward(spec, access.place(backend, x), access.place(backend, y), stats)
      return [y]
    },
    [APPLY_GRAD](inputs, attrs, backend) {
      const stats = given(backend, inputs, attrs)
      const { dx, params, found } = pull(backend, inputs, attrs, stats, true)
      const ofStats = [found.dmean!, found.dvariance!].map((values) => cellwise(backend, attrs.cells, values))
      return [dx, ...ofStats, ...params]
    },
    [DROPOUT]({ x }, { rate, seed, step }, backend) {
      const y = access.make(backend, x.shape)
      const size = x.shape.reduce((a, b) => a * b, 1)
      access
        .host(backend)
        .dropout(access.place(backend, x), access.place(backend, y), size, rate, { seed, step })
      return [y]
    },
  }
}
