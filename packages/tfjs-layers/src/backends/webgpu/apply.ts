/** y = gamma (x - mean) rstd + beta, element by element. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { factor, scaled, xhat, type Rules } from '../gpu/formula.ts'
import type { Geometry } from '../gpu/geometry.ts'
import { dialect, input, layOf, paramInput, readStats, widest, type Lay } from './lay.ts'
import { runElementwise, type WebgpuBackend } from './program.ts'

export interface Params {
  readonly gamma?: TensorInfo
  readonly beta?: TensorInfo
}

export function affine(rules: Rules, lay: Lay, value: string, { gamma, beta }: Params): string {
  const y = scaled(rules, value, gamma && `gamma[${lay.at('gamma', 'index')}]`)
  return beta ? `${y} + beta[${lay.at('beta', 'index')}]` : y
}

export function apply(
  backend: WebgpuBackend,
  x: TensorInfo,
  params: Params,
  stats: TensorInfo,
  geometry: Geometry,
  rules: Rules,
): TensorInfo {
  const lay = layOf(geometry, widest(geometry))
  const read = readStats(lay, lay.at('cell', 'index'))
  const inputs = [
    input('x', x, lay.width),
    input('stats', stats, 4),
    ...paramInput(lay, 'gamma', params.gamma),
    ...paramInput(lay, 'beta', params.beta),
  ]
  return runElementwise(backend, inputs, {
    width: lay.width,
    units: geometry.size / lay.width,
    code: `${read.code}
  result[index] = ${affine(rules, lay, xhat(rules, 'x[index]', read.names), params)};`,
  })
}

/** In one program, with means and variances as they are. */
export function applyGiven(
  backend: WebgpuBackend,
  x: TensorInfo,
  params: Params,
  given: { readonly mean: TensorInfo; readonly variance: TensorInfo },
  geometry: Geometry,
  rules: Rules,
): TensorInfo {
  const lay = layOf(geometry, widest(geometry))
  const wide = lay.varies('cell')
  // An input that the shader does not use has no place in its layout.
  const used = { mean: rules.center, variance: rules.scale !== 'none' }
  const names = (['mean', 'variance'] as const).filter((name) => used[name])
  const inputs = [
    input('x', x, lay.width),
    ...names.map((name) => input(name, given[name], wide ? 4 : 1)),
    ...paramInput(lay, 'gamma', params.gamma),
    ...paramInput(lay, 'beta', params.beta),
  ]
  const at = lay.at('cell', 'index')
  const here = (name: string) => `${name}[${wide ? `${at} / 4` : at}]`
  const value = `(x[index]${rules.center ? ` - ${here('mean')}` : ''}) * rstd`
  return runElementwise(backend, inputs, {
    width: lay.width,
    units: geometry.size / lay.width,
    code: `${factor(rules, here('variance'), dialect(wide ? 'vec4<f32>' : 'f32'))}
  result[index] = ${affine(rules, lay, value, params)};`,
  })
}
