/**
 * gamma and beta that vary as no nest does, such as SPADE's, which have a value for every element: the kernels run without
 * them, and a walk over x in memory order multiplies and adds.
 */
import { offsetsWhere } from '../offsets.ts'
import { stridesOf } from '../plan.ts'
import { backwardOn, forwardOn } from './dispatch.ts'
import type { Apart } from './drivers.ts'
import { sizesOf, type Laid } from './params.ts'
import type { KernelSpec } from './scalar.ts'
import { viewOf } from './stream.ts'

/** x as runs of its innermost dim: where each begins in gamma, beta and the cells, and the step from element to element. */
function runsOf({ plan: { dims }, gamma, beta, gammaPlus }: KernelSpec) {
  const last = dims.length - 1
  const none = dims.map(() => 0)
  const along = (strides: readonly number[]) => ({
    at: offsetsWhere(dims, (_, i) => i < last, strides),
    step: strides[last],
  })
  const of = (laid: Laid | undefined, absent: number) => ({
    data: laid?.data ?? Float32Array.of(absent),
    ...along(laid?.strides ?? none),
  })
  return {
    length: dims[last].size,
    gamma: of(gamma, 1),
    beta: of(beta, 0),
    plus: gamma ? gammaPlus : 0,
    cells: along(stridesOf(sizesOf(dims), (i) => dims[i].kept)),
  }
}

const bare = (spec: KernelSpec): KernelSpec => ({
  ...spec,
  gamma: undefined,
  beta: undefined,
  prepared: undefined,
})

const forward: Apart['forward'] = (heap, spec, from, to, given) => {
  const target = to()
  const stats = forwardOn(heap, bare(spec), from, () => target, given)
  if (!stats) return undefined
  const y = viewOf(heap, target, spec.plan.size)
  const { length, gamma, beta, plus } = runsOf(spec)
  for (let i = 0, run = 0; i < y.length; run++) {
    let g = gamma.at[run]
    let b = beta.at[run]
    for (const end = i + length; i < end; i++, g += gamma.step, b += beta.step)
      y[i] = y[i] * (gamma.data[g] + plus) + beta.data[b]
  }
  return stats
}

/** dx is first what the kernels take for dy: dy gamma. */
const backward: Apart['backward'] = (heap, spec, [from, up], to, stats, given) => {
  const target = to()
  const [x, dy, dx] = [from, up, target].map((source) => viewOf(heap, source, spec.plan.size))
  const { length, gamma, beta, plus, cells } = runsOf(spec)
  const { rstd } = stats
  const mean = spec.center ? stats.mean : rstd.map(() => 0)
  const dgamma = new Float64Array(gamma.data.length)
  const dbeta = new Float64Array(beta.data.length)
  for (let i = 0, run = 0; i < x.length; run++) {
    let g = gamma.at[run]
    let b = beta.at[run]
    let cell = cells.at[run]
    for (const end = i + length; i < end; i++, g += gamma.step, b += beta.step, cell += cells.step) {
      dgamma[g] += dy[i] * (x[i] - mean[cell]) * rstd[cell]
      dbeta[b] += dy[i]
      dx[i] = dy[i] * (gamma.data[g] + plus)
    }
  }
  const done = backwardOn(heap, bare(spec), [from, target], () => target, stats, given)
  return done && { ...done, dgamma: spec.gamma && dgamma, dbeta: spec.beta && dbeta }
}

export const apart: Apart = { forward, backward }
