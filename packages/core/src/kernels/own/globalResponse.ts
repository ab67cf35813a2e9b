/** y = gamma x G / (mean of G over channels + epsilon) + beta + x, G the length over positions of each example's channel. */
import { cellIndex } from '../../offsets.ts'
import { planOf } from '../../brackets.ts'
import type { OwnKernel } from './kernel.ts'
import { offsetsIn } from './walk.ts'

export const globalResponse: OwnKernel = ({ plan, x, params, options }) => {
  const { gamma, beta } = params
  const epsilon = options.epsilon as number
  // Cells of the lengths: an example's channel. `example` says which of them compete.
  const fine = planOf('n s c -> n c', plan.shape, { axes: plan.binding })
  const at = cellIndex(fine)
  const examples = cellIndex(plan)
  const gammaAt = offsetsIn(gamma, plan)
  const betaAt = offsetsIn(beta, plan)
  const length = new Float64Array(fine.cells)
  const example = new Int32Array(fine.cells)
  for (let i = 0; i < x.length; i++) {
    length[at[i]] += x[i] * x[i]
    example[at[i]] = examples[i]
  }
  for (let k = 0; k < length.length; k++) length[k] = Math.sqrt(length[k])
  const channels = fine.cells / Math.max(1, plan.cells)
  const mean = new Float64Array(plan.cells)
  for (let k = 0; k < length.length; k++) mean[example[k]] += length[k] / channels
  const relative = length.map((value, k) =>
    mean[example[k]] + epsilon > 0 ? value / (mean[example[k]] + epsilon) : 0,
  )
  const y = new Float32Array(x.length)
  for (let i = 0; i < x.length; i++)
    y[i] = gamma.data[gammaAt[i]] * (x[i] * relative[at[i]]) + beta.data[betaAt[i]] + x[i]
  return {
    y,
    backward(dy) {
      const dgamma = new Float64Array(gamma.data.length)
      const dbeta = new Float64Array(beta.data.length)
      const drelative = new Float64Array(length.length)
      for (let i = 0; i < x.length; i++) {
        dgamma[gammaAt[i]] += dy[i] * x[i] * relative[at[i]]
        dbeta[betaAt[i]] += dy[i]
        drelative[at[i]] += dy[i] * gamma.data[gammaAt[i]] * x[i]
      }
      const shared = new Float64Array(plan.cells)
      for (let k = 0; k < length.length; k++) shared[example[k]] += drelative[k] * relative[k]
      const dx = new Float32Array(x.length)
      for (let i = 0; i < x.length; i++) {
        const k = at[i]
        const divisor = mean[example[k]] + epsilon
        const dlength = divisor > 0 ? (drelative[k] - shared[example[k]] / channels) / divisor : 0
        const viaLength = length[k] > 0 ? (dlength * x[i]) / length[k] : 0
        dx[i] = dy[i] * (gamma.data[gammaAt[i]] * relative[k] + 1) + viaLength
      }
      return { x: dx, gamma: dgamma, beta: dbeta }
    },
  }
}
