import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { applyAffine, cellMoments, runOn, scaleFactor } from '../standardize.ts'
import { affine } from '../variant.ts'

/** Batch-Instance Normalization: a learned mix of both outputs for each channel. Nam & Kim 2018, https://arxiv.org/abs/1805.07925 */
export const batchInstanceNorm = norm({
  name: 'BatchInstanceNorm',
  stats: 'n s c -> c',
  center: true,
  params: { ...affine('c'), rho: { along: 'c', init: 1 } },
  running: 'c',
  options: { epsilon: 1e-5 },
  apply(t, x, params, state, { training, epsilon, decay }) {
    const own = training ? cellMoments(t, x, 'c', 'std', true) : undefined
    const scaled = ({ mean, variance }: { mean: typeof x; variance: typeof x }) =>
      t.mul(t.sub(x, mean), scaleFactor(t, 'std', variance, epsilon as number))
    const batch = scaled(own ?? { mean: state.mean, variance: state.variance })
    const instance = scaled(cellMoments(t, x, 'n c', 'std', true))
    const mixed = t.add(instance, t.mul(params.rho, t.sub(batch, instance)))
    return {
      y: applyAffine(t, mixed, params, { params: affine('c') }),
      state: own && runOn(t, state, own, decay as number),
    }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Nam & Kim',
    year: 2018,
    title: 'Batch-Instance Normalization for Adaptively Style-Invariant Neural Networks',
    url: 'https://arxiv.org/abs/1805.07925',
  },
  when: 'Where style should be kept for some channels and removed for others, and learning may decide.',
  formula: String.raw`y_{nsc} = \gamma_c \big( \rho_c \hat{x}^{(B)}_{nsc} + (1 - \rho_c) \hat{x}^{(I)}_{nsc} \big) + \beta_c`,
  unverified: 'known by its formula; rho is kept in [0, 1] by the optimizer, not here',
})
