import type { About } from '../about.ts'
import { renorm } from '../kernels/own/renorm.ts'
import { norm } from '../norm.ts'
import { applyAffine, cellMoments, runOn } from '../standardize.ts'
import { affine } from '../variant.ts'

/** Batch Renormalization: corrects the batch statistics towards the running ones. Ioffe 2017, https://arxiv.org/abs/1702.03275 */
export const batchRenorm = norm({
  name: 'BatchRenorm',
  stats: 'n s c -> c',
  params: affine('c'),
  running: 'c',
  options: { epsilon: 1e-5, rMax: 3, dMax: 5 },
  ranges: { rMax: [1], dMax: [0] },
  apply(t, x, params, state, { training, epsilon, decay, rMax, dMax }) {
    const root = (variance: typeof x) => t.sqrt(t.add(variance, t.constant(epsilon as number)))
    const running = root(state.variance)
    if (!training)
      return { y: applyAffine(t, t.div(t.sub(x, state.mean), running), params, { params: affine('c') }) }
    const { mean, variance } = cellMoments(t, x, 'c', 'std', true)
    const own = root(variance)
    const clip = (value: typeof x, low: number, high: number) =>
      t.sub(t.constant(0), t.max(t.sub(t.constant(0), t.max(value, t.constant(low))), t.constant(-high)))
    const r = t.stopGradient(clip(t.div(own, running), 1 / (rMax as number), rMax as number))
    const d = t.stopGradient(clip(t.div(t.sub(mean, state.mean), running), -(dMax as number), dMax as number))
    const corrected = t.add(t.mul(t.div(t.sub(x, mean), own), r), d)
    return {
      y: applyAffine(t, corrected, params, { params: affine('c') }),
      state: runOn(t, state, { mean, variance }, decay as number),
    }
  },
  kernel: renorm,
})

export const about = (): About => ({
  paper: {
    authors: 'Ioffe',
    year: 2017,
    title: 'Batch Renormalization: Towards Reducing Minibatch Dependence in Batch-Normalized Models',
    url: 'https://arxiv.org/abs/1702.03275',
  },
  when: 'BatchNorm with small or uneven batches, where training and inference must agree.',
  formula: String.raw`y_{nsc} = \gamma_c \Big( \frac{x_{nsc} - \mu_c}{\sigma_c} r_c + d_c \Big) + \beta_c, \quad r = \mathrm{clip}\Big(\frac{\sigma_c}{\sigma}\Big), \; d = \mathrm{clip}\Big(\frac{\mu_c - \mu}{\sigma}\Big)`,
  cases: [{}, { rMax: 1, dMax: 0 }],
  ships: { keras: 'layers.BatchNormalization(renorm=True)' },
})
