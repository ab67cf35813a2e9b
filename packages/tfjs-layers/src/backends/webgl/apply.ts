/** y = gamma (x - mean) rstd + beta, texel by texel. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { scaled, xhat, type Rules } from '../gpu/formula.ts'
import { run, type WebglBackend } from './program.ts'
import { readParam, readStats, texelMain, type View } from './view.ts'

/** In pages. */
export interface Params {
  readonly gamma?: TensorInfo
  readonly beta?: TensorInfo
}

export function apply(
  backend: WebglBackend,
  x: TensorInfo,
  { gamma, beta }: Params,
  stats: TensorInfo,
  view: View,
  rules: Rules,
): TensorInfo {
  const read = readStats(view)
  const value = xhat(rules, 'getX(b, r, c)', read.names)
  const y = scaled(rules, value, gamma && readParam(view, 'gamma'))
  return run(backend, {
    inputs: { x, stats, gamma, beta },
    shape: view.pages,
    code: texelMain(view, `${read.code}\n  y = ${beta ? `${y} + ${readParam(view, 'beta')}` : y};`),
  })
}
