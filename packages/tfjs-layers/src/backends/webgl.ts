/**
 * The webgl backend, with WebGL 2 and float32 textures: programs on packed textures, as tfjs's own. A LayerNorm's step takes
 * six: statistics, y, all sums, dx, and the two parameters' gradients.
 */
import { env, type TensorInfo } from '@tensorflow/tfjs-core'
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
import { PARAM_NAMES, type ParamName } from '../kernels/cells.ts'
import { geometryOf } from './gpu/geometry.ts'
import { apply } from './webgl/apply.ts'
import { ofCells, pullParam, pullStatistics, pullX } from './webgl/gradient.ts'
import { dropout } from './webgl/mask.ts'
import { paged, withShape, type WebglBackend } from './webgl/program.ts'
import { givenStatistics, statistics } from './webgl/statistics.ts'
import { gathered, sums, type Pull } from './webgl/sums.ts'
import { pagesOf, viewOf, type View } from './webgl/view.ts'

type Named = Readonly<Record<string, TensorInfo | undefined>>

/** The tensors of a call as pages, and what to dispose of when it is done. */
function open<T extends Named>(backend: WebglBackend, attrs: ApplyAttrs, inputs: T) {
  const view = viewOf(geometryOf(attrs.cells))
  const made: TensorInfo[] = []
  const pagesFor = (name: string): readonly number[] | undefined =>
    name === 'x' || name === 'dy' ? view.pages : paramPages(view, name as ParamName)
  const pages = Object.fromEntries(
    Object.entries(inputs).map(([name, info]) => [
      name,
      info && paged(backend, info, pagesFor(name) ?? [1, 1, info.shape.reduce((a, b) => a * b, 1)], made),
    ]),
  ) as T
  const close = (...more: TensorInfo[]) => {
    for (const info of new Set([...made, ...more])) backend.disposeIntermediateTensorInfo(info)
  }
  return { view, pages, close }
}

function paramPages({ geometry }: View, name: ParamName): readonly number[] | undefined {
  const param = geometry.params[name]
  return param && pagesOf(param.spread)
}

function pullParams(backend: WebglBackend, pull: Pull, view: View, attrs: ApplyAttrs) {
  const shapes = { gamma: attrs.gammaShape, beta: attrs.betaShape }
  const names = PARAM_NAMES.filter((name) => shapes[name])
  const found = sums(backend, pull, view, attrs, names)
  const params = names.map((name) => withShape(pullParam(backend, name, found, view), shapes[name]!))
  return { params, found, ofCells: gathered(backend, found) }
}

/** WebGL 1 has no integers, and float16 textures no precision. */
const serves = (): boolean =>
  env().getNumber('WEBGL_VERSION') === 2 && env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')

export function registerWebgl(): void {
  registerFused<WebglBackend>(
    'webgl',
    {
      [NORMALIZE]({ x, gamma, beta }, attrs, backend) {
        const { view, pages, close } = open(backend, attrs, { x, gamma, beta })
        const { cells } = view.geometry
        const stats = statistics(backend, pages.x, view, attrs)
        const y = apply(backend, pages.x, pages, stats, view, attrs)
        const moments = attrs.moments
          ? ['s.x + s.y', 's.z'].map((value) =>
              withShape(
                ofCells(backend, cells, { stats }, `vec4 s = getStats(cell, 0, 0); setOutput(${value});`),
                cellShape(attrs.cells),
              ),
            )
          : []
        close()
        return [withShape(y, x.shape), ...moments, stats]
      },
      [NORMALIZE_GRAD](inputs, attrs, backend) {
        const { dy, x, gamma, saved0: stats } = inputs
        const { view, pages, close } = open(backend, attrs, { dy, x, gamma })
        const pull = { ...pages, stats }
        const { params, found, ofCells: all } = pullParams(backend, pull, view, attrs)
        const dx = pullX(backend, pull, all, view, attrs)
        close(found.info, all)
        return [withShape(dx, x.shape), ...params]
      },
      [APPLY]({ x, mean, variance, gamma, beta }, attrs, backend) {
        const { view, pages, close } = open(backend, attrs, { x, gamma, beta, given: mean, more: variance })
        const stats = givenStatistics(backend, pages.given, pages.more, view, attrs)
        const y = apply(backend, pages.x, pages, stats, view, attrs)
        close(stats)
        return [withShape(y, x.shape)]
      },
      [APPLY_GRAD]({ dy, x, mean, variance, gamma }, attrs, backend) {
        const { view, pages, close } = open(backend, attrs, { dy, x, gamma, given: mean, more: variance })
        const stats = givenStatistics(backend, pages.given, pages.more, view, attrs)
        const pull = { dy: pages.dy, x: pages.x, gamma: pages.gamma, stats }
        const { params, found, ofCells: all } = pullParams(backend, pull, view, attrs)
        const dx = pullX(backend, pull, undefined, view, attrs)
        const flat = open(backend, attrs, { row: gamma })
        const row = { ...pull, gamma: flat.pages.row }
        const ofStatistics = pullStatistics(backend, row, all, view, attrs).map((info) =>
          withShape(info, cellShape(attrs.cells)),
        )
        flat.close()
        close(stats, found.info, all)
        return [withShape(dx, x.shape), ...ofStatistics, ...params]
      },
      [DROPOUT]({ x }, attrs, backend) {
        const made: TensorInfo[] = []
        const pages = pagesOf(x.shape.length ? x.shape : [1])
        const y = dropout(backend, paged(backend, x, pages, made), pages, attrs)
        for (const info of made) backend.disposeIntermediateTensorInfo(info)
        return [withShape(y, x.shape)]
      },
    },
    serves,
  )
}
