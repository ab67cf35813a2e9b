import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { applyAffine, cellMoments, scaleFactor, sigmoid } from '../standardize.ts'
import { affine } from '../variant.ts'

/** EvoNorm-S1: Swish over the standard deviation of a group. Liu, Brock, Simonyan & Le 2020, https://arxiv.org/abs/2004.02967 */
export const evoNormS1 = norm({
  name: 'EvoNormS1',
  stats: 'n s (g k) -> n g',
  params: affine('c'),
  options: { g: 32, epsilon: 1e-5 },
  apply(t, x, params, _state, { epsilon }) {
    const { variance: square } = cellMoments(t, x, 'n g', 'std', true)
    const scaled = t.mul(t.mul(x, sigmoid(t, x)), scaleFactor(t, 'std', square, epsilon as number))
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
  when: 'As EvoNormS0, without a parameter of its own.',
  formula: String.raw`y_{nsc} = \gamma_c \frac{x_{nsc} \, \mathrm{sigmoid}(x_{nsc})}{\sqrt{\sigma_{ng}^2 + \epsilon}} + \beta_c`,
  cases: [{ g: 2 }, { g: 6 }],
  ships: { timm: 'EvoNorm2dS1' },
})
