/**
 * The webgpu backend: programs made for how x lies. A LayerNorm's step takes five: statistics, y, dx with its sums,
 * and the two parameters' gradients.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import {
  APPLY,
  APPLY_GRAD,
  cellShape,
  DROPOUT,
  NORMALIZE,
  NORMALIZE_GRAD,
  registerFused,
  type ApplyAttrs,
} from '../kernels/contract.ts'
import { PARAM_NAMES } from '../kernels/cells.ts'
import { float, geometryOf, mapIndex, type Geometry } from './gpu/geometry.ts'
import { apply, applyGiven } from './webgpu/apply.ts'
import { elementDx, fusedDx, inner, sumCells, type Pull } from './webgpu/gradient.ts'
import { input } from './webgpu/lay.ts'
import { dropout } from './webgpu/mask.ts'
import { paramFromCells, paramFromElements } from './webgpu/params.ts'
import { runElementwise, withShape, type Input, type WebgpuBackend } from './webgpu/program.ts'
import { cellTeam, givenStatistics, statistics } from './webgpu/statistics.ts'

/** A number of each cell. */
const ofCells = (backend: WebgpuBackend, attrs: ApplyAttrs, inputs: Input[], code: string): TensorInfo =>
  withShape(
    runElementwise(backend, inputs, { width: 1, units: geometryOf(attrs.cells).cells, code }),
    cellShape(attrs.cells),
  )

/** Gradients of the parameters there are. */
function pullParams(
  backend: WebgpuBackend,
  pull: Pull,
  sums: TensorInfo | undefined,
  attrs: ApplyAttrs,
): TensorInfo[] {
  const geometry = geometryOf(attrs.cells)
  return PARAM_NAMES.flatMap((name) => {
    const shape = name === 'gamma' ? attrs.gammaShape : attrs.betaShape
    const param = geometry.params[name]
    if (!shape || !param) return []
    // beta's are dy's own sums: with gamma inside of the cells they are no cell's.
    const fromCells = sums && !param.inCells && !inner(geometry, pull)
    const made = fromCells
      ? paramFromCells(backend, name, param, sums, geometry)
      : paramFromElements(backend, name, param, pull, geometry, attrs)
    return [withShape(made, shape)]
  })
}

/** Gradients of the given mean and variance. */
function pullStatistics(
  backend: WebgpuBackend,
  pull: Pull,
  sums: TensorInfo,
  attrs: ApplyAttrs,
): TensorInfo[] {
  const { center, scale, epsilon } = attrs
  const geometry: Geometry = geometryOf(attrs.cells)
  const { kept, sizes, params } = geometry
  const outer = pull.gamma && !inner(geometry, pull)
  const gamma = outer
    ? ` * (gamma[${mapIndex('index', kept, sizes, params.gamma!.strides)}]${attrs.plusOne ? ' + 1.0' : ''})`
    : ''
  const more = outer ? [input('gamma', pull.gamma, 1)] : []
  const zero = scale === 'none'
  const flag = scale === 'l2' ? ` * step(${float(epsilon * epsilon)}, stats[index].z)` : ''
  const inputs = [input('sums', sums, 2), input('stats', pull.stats, 4), ...more]
  const none = () => ofCells(backend, attrs, [], 'result[index] = 0.0;')
  return [
    center
      ? ofCells(backend, attrs, inputs, `result[index] = -stats[index].w * sums[index].x${gamma};`)
      : none(),
    zero
      ? none()
      : ofCells(
          backend,
          attrs,
          inputs,
          `result[index] = -0.5 * stats[index].w * stats[index].w * sums[index].y${gamma}${flag};`,
        ),
  ]
}

export function registerWebgpu(): void {
  registerFused<WebgpuBackend>('webgpu', {
    [NORMALIZE]({ x, gamma, beta }, attrs, backend) {
      const geometry = geometryOf(attrs.cells)
      const stats = statistics(backend, x, geometry, attrs)
      const y = withShape(apply(backend, x, { gamma, beta }, stats, geometry, attrs), x.shape)
      const from = [input('stats', stats, 4)]
      const moments = attrs.moments
        ? ['stats[index].x + stats[index].y', 'stats[index].z'].map((value) =>
            ofCells(backend, attrs, from, `result[index] = ${value};`),
          )
        : []
      return [y, ...moments, stats]
    },
    [NORMALIZE_GRAD]({ dy, x, gamma, saved0: stats }, attrs, backend) {
      const geometry = geometryOf(attrs.cells)
      const pull = { dy, x, gamma, stats }
      const whole = cellTeam(geometry).team.chunks === 1
      const sums = whole ? undefined : sumCells(backend, pull, geometry, attrs)
      const dx = sums
        ? elementDx(backend, pull, sums, geometry, attrs)
        : fusedDx(backend, pull, geometry, attrs)
      const params = pullParams(backend, pull, sums, attrs)
      if (sums) backend.disposeData(sums.dataId)
      return [withShape(dx, x.shape), ...params]
    },
    [APPLY]({ x, mean, variance, gamma, beta }, attrs, backend) {
      const geometry = geometryOf(attrs.cells)
      return [
        withShape(applyGiven(backend, x, { gamma, beta }, { mean, variance }, geometry, attrs), x.shape),
      ]
    },
    [APPLY_GRAD]({ dy, x, mean, variance, gamma }, attrs, backend) {
      const geometry = geometryOf(attrs.cells)
      const stats = givenStatistics(backend, mean, variance, geometry, attrs)
      const pull = { dy, x, gamma, stats }
      const sums = sumCells(backend, pull, geometry, attrs)
      const dx = elementDx(backend, pull, undefined, geometry, attrs)
      const found = [
        withShape(dx, x.shape),
        ...pullStatistics(backend, pull, sums, attrs),
        ...pullParams(backend, pull, sums, attrs),
      ]
      for (const { dataId } of [sums, stats]) backend.disposeData(dataId)
      return found
    },
    [DROPOUT]: ({ x }, attrs, backend) => [withShape(dropout(backend, x, attrs), x.shape)],
  })
}
