import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { applyAffine, cellMoments, runOn, scaleFactor } from '../standardize.ts'
import { affine } from '../variant.ts'

/** Batch-Channel Normalization: GroupNorm after BatchNorm with estimated statistics. Qiao, Wang, Liu, Shen & Yuille 2019, https://arxiv.org/abs/1911.09738 */
export const batchChannelNorm = norm({
  name: 'BatchChannelNorm',
  stats: 'n s (g k) -> n g', // the estimated statistics are constants of the gradient
  params: { ...affine('c'), batchGamma: { along: 'c', init: 1 }, batchBeta: { along: 'c', init: 0 } },
  running: 'c',
  options: { g: 32, epsilon: 1e-5 },
  apply(t, x, params, state, { training, epsilon, decay }) {
    const estimate = training ? runOn(t, state, cellMoments(t, x, 'c', 'std', true), decay as number) : state
    const scaled = (value: typeof x, mean: typeof x, variance: typeof x) =>
      t.mul(t.sub(value, mean), scaleFactor(t, 'std', variance, epsilon as number))
    const batch = t.add(
      t.mul(scaled(x, estimate.mean, estimate.variance), params.batchGamma),
      params.batchBeta,
    )
    const group = cellMoments(t, batch, 'n g', 'std', true)
    const y = applyAffine(t, scaled(batch, group.mean, group.variance), params, { params: affine('c') })
    return { y, state: training ? estimate : undefined }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Qiao, Wang, Liu, Shen & Yuille',
    year: 2019,
    title: 'Rethinking Normalization and Elimination Singularity in Neural Networks',
    url: 'https://arxiv.org/abs/1911.09738',
  },
  when: 'With batches of one or two images, when channels that have died out are the trouble.',
  formula: String.raw`y_{nsc} = \gamma_c \, \mathrm{GN}\Big( \gamma'_c \frac{x_{nsc} - \hat\mu_c}{\sqrt{\hat\sigma_c^2 + \epsilon}} + \beta'_c \Big) + \beta_c`,
  cases: [{ g: 2 }, { g: 6 }],
})
