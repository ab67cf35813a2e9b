import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { applyAffine, cellMoments, scaleFactor, sigmoid } from '../standardize.ts'
import { affine } from '../variant.ts'

/** EvoNorm-S0: Swish with a learned slope over the standard deviation of a group. Liu, Brock, Simonyan & Le 2020, https://arxiv.org/abs/2004.02967 */
export const evoNormS0 = norm({
  name: 'EvoNormS0',
  stats: 'n s (g k) -> n g',
  params: { ...affine('c'), v: { along: 'c', init: 1 } },
  options: { g: 32, epsilon: 1e-5 },
  apply(t, x, params, _state, { epsilon }) {
    const { variance } = cellMoments(t, x, 'n g', 'std', true)
    const swish = t.mul(x, sigmoid(t, t.mul(params.v, x)))
    const scaled = t.mul(swish, scaleFactor(t, 'std', variance, epsilon as number))
    return { y: applyAffine(t, scaled, params, { params: affine('c') }) }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Liu, Brock, Simonyan & Le',
    year: 2020,
    title: 'Evolving Normalization-Activation Layers',
    url: 'https://arxiv.org/abs/2004.02967',
  },
  when: 'Instead of GroupNorm and its activation together; the batch size does not matter.',
  formula: String.raw`y_{nsc} = \gamma_c \frac{x_{nsc} \, \mathrm{sigmoid}(v_c x_{nsc})}{\sqrt{\sigma_{ng}^2 + \epsilon}} + \beta_c`,
  cases: [{ g: 2 }, { g: 6 }],
  ships: { timm: 'EvoNorm2dS0' },
})
