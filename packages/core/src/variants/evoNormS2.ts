import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { applyAffine, scaleFactor, sigmoid } from '../standardize.ts'
import { affine } from '../variant.ts'

/** EvoNorm-S2: Swish over the root mean square of a group. Liu, Brock, Simonyan & Le 2020, https://arxiv.org/abs/2004.02967 */
export const evoNormS2 = norm({
  name: 'EvoNormS2',
  stats: 'n s (g k) -> n g',
  params: affine('c'),
  options: { g: 32, epsilon: 1e-5 },
  apply(t, x, params, _state, { epsilon }) {
    const square = t.mean(t.mul(x, x), 'n g')
    const scaled = t.mul(t.mul(x, sigmoid(t, x)), scaleFactor(t, 'rms', square, epsilon as number))
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
  when: 'As EvoNormS1, without centring.',
  formula: String.raw`y_{nsc} = \gamma_c \frac{x_{nsc} \, \mathrm{sigmoid}(x_{nsc})}{\sqrt{\overline{x^2}_{ng} + \epsilon}} + \beta_c`,
  cases: [{ g: 2 }, { g: 6 }],
  ships: { timm: 'EvoNorm2dS2' },
})
