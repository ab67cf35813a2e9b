/** RMS over the cells, then max(y, tau): Filter Response Normalization and its Thresholded Linear Unit. */
import * as scalar from '../scalar.ts'
import type { OwnKernel } from './kernel.ts'
import { offsetsIn } from './walk.ts'

export const filterResponse: OwnKernel = ({ plan, x, params, options }) => {
  const { gamma, beta, tau } = params
  const epsilon = options.epsilon as number
  const spec = {
    plan,
    center: false,
    scale: 'rms' as const,
    epsilon,
    gamma,
    beta,
    gammaPlus: 0,
  }
  const stats = scalar.statistics(spec, x)
  const z = new Float32Array(x.length)
  scalar.forward(spec, x, z, stats)
  const tauAt = offsetsIn(tau, plan)
  const y = z.map((value, i) =>
    value >= tau.data[tauAt[i]] || Number.isNaN(value) ? value : tau.data[tauAt[i]],
  )
  return {
    y,
    backward(dy) {
      const through = new Float32Array(x.length)
      const dtau = new Float64Array(tau.data.length)
      for (let i = 0; i < x.length; i++)
        if (tau.data[tauAt[i]] > z[i]) dtau[tauAt[i]] += dy[i]
        else through[i] = dy[i]
      const dx = new Float32Array(x.length)
      const { dgamma, dbeta } = scalar.backward(spec, x, through, stats, dx, false)
      return { x: dx, gamma: dgamma!, beta: dbeta!, tau: dtau }
    },
  }
}
