import type { About } from '../about.ts'
import { squash } from '../kernels/own/squash.ts'
import { erf } from '../erf.ts'
import { norm } from '../norm.ts'
import { applyAffine } from '../standardize.ts'
import { affine } from '../variant.ts'

/** Derf: the error function in place of DyT’s tanh, and a shift. Chen, Lu, Zhu, Sun & Liu 2025, https://arxiv.org/abs/2512.10938 */
export const derf = norm({
  name: 'Derf',
  stats: null,
  params: { ...affine('c'), alpha: { along: '', init: 0.5 }, shift: { along: '', init: 0 } },
  apply: (t, x, params) => ({
    y: applyAffine(t, t.erf(t.add(t.mul(params.alpha, x), params.shift)), params, { params: affine('c') }),
  }),
  kernel: squash(erf, (z) => (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z)),
})

export const about = (): About => ({
  paper: {
    authors: 'Chen, Lu, Zhu, Sun & Liu',
    year: 2025,
    title: 'Stronger Normalization-Free Transformers',
    url: 'https://arxiv.org/abs/2512.10938',
  },
  when: 'Instead of LayerNorm in a transformer, where taking statistics is to be avoided.',
  formula: String.raw`y_{nsc} = \gamma_c \, \mathrm{erf}(\alpha \, x_{nsc} + s) + \beta_c`,
  ships: { xTransformers: 'Derf' },
})
