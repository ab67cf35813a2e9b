/** y = gamma f(alpha x + shift) + beta, for a squashing f: DyT and Derf. */
import type { OwnKernel } from './kernel.ts'
import { offsetsIn } from './walk.ts'

/** @param slope of f, from z and f(z). */
export function squash(f: (z: number) => number, slope: (z: number, fz: number) => number): OwnKernel {
  return ({ plan, x, params }) => {
    const { gamma, beta, shift } = params
    const alpha = params.alpha.data[0]
    const s = shift ? shift.data[0] : 0
    const gammaAt = offsetsIn(gamma, plan)
    const betaAt = offsetsIn(beta, plan)
    const y = new Float32Array(x.length)
    for (let i = 0; i < x.length; i++)
      y[i] = gamma.data[gammaAt[i]] * f(alpha * x[i] + s) + beta.data[betaAt[i]]
    return {
      y,
      backward(dy) {
        const dx = new Float32Array(x.length)
        const dgamma = new Float64Array(gamma.data.length)
        const dbeta = new Float64Array(beta.data.length)
        let dalpha = 0
        let dshift = 0
        for (let i = 0; i < x.length; i++) {
          const z = alpha * x[i] + s
          const fz = f(z)
          const g = dy[i] * gamma.data[gammaAt[i]] * slope(z, fz)
          dx[i] = alpha * g
          dalpha += g * x[i]
          dshift += g
          dgamma[gammaAt[i]] += dy[i] * fz
          dbeta[betaAt[i]] += dy[i]
        }
        const more: Record<string, Float64Array> = shift ? { shift: Float64Array.of(dshift) } : {}
        return { x: dx, gamma: dgamma, beta: dbeta, alpha: Float64Array.of(dalpha), ...more }
      },
    }
  }
}
