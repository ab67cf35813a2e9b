/** Batch Renormalization: BatchNorm with xhat r + d in place of xhat; r and d are constants of the gradient. */
import { cellsToState, stateOfCells } from '../../running.ts'
import * as scalar from '../scalar.ts'
import type { OwnKernel } from './kernel.ts'
import { eachCell, offsetsIn } from './walk.ts'

const clip = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

export const renorm: OwnKernel = ({ plan, x, params, state, options, training }) => {
  const { gamma, beta } = params
  const { epsilon, decay, rMax, dMax } = options as Record<string, number>
  const spec = {
    plan,
    center: true,
    scale: 'std' as const,
    epsilon,
    gamma,
    beta,
    gammaPlus: 0,
  }
  const mean = stateOfCells(state!.mean, plan)
  const variance = stateOfCells(state!.variance, plan)
  const running = variance.map((value) => Math.sqrt(value + epsilon))
  const stats = training
    ? scalar.statistics(spec, x)
    : { mean, variance, rstd: variance.map((value) => scalar.factor('std', value, epsilon)) }
  const r = running.map((root, c) =>
    training ? clip(Math.sqrt(stats.variance[c] + epsilon) / root, 1 / rMax, rMax) : 1,
  )
  const d = running.map((root, c) => (training ? clip((stats.mean[c] - mean[c]) / root, -dMax, dMax) : 0))
  const gammaAt = offsetsIn(gamma, plan)
  const betaAt = offsetsIn(beta, plan)
  const y = new Float32Array(x.length)
  eachCell(plan, (offsets, c) => {
    for (const i of offsets)
      y[i] =
        gamma.data[gammaAt[i]] * ((x[i] - stats.mean[c]) * stats.rstd[c] * r[c] + d[c]) + beta.data[betaAt[i]]
  })
  const next = (old: Float64Array, now: Float64Array) =>
    old.map((value, c) => decay * value + (1 - decay) * now[c])
  return {
    y,
    state: training
      ? {
          mean: cellsToState(next(mean, stats.mean), state!.mean, plan),
          variance: cellsToState(next(variance, stats.variance), state!.variance, plan),
        }
      : undefined,
    backward(dy) {
      const dgamma = new Float64Array(gamma.data.length)
      const scaled = new Float64Array(x.length)
      eachCell(plan, (offsets, c) => {
        for (const i of offsets) {
          dgamma[gammaAt[i]] += dy[i] * ((x[i] - stats.mean[c]) * stats.rstd[c] * r[c] + d[c])
          scaled[i] = dy[i] * r[c]
        }
      })
      const dx = new Float32Array(x.length)
      scalar.backward(spec, x, scaled, stats, dx, !training)
      const dbeta = new Float64Array(beta.data.length)
      for (let i = 0; i < x.length; i++) dbeta[betaAt[i]] += dy[i]
      return { x: dx, gamma: dgamma, beta: dbeta }
    },
  }
}
