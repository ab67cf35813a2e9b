import type { About } from '../about.ts'
import { squash } from '../kernels/own/squash.ts'
import { norm } from '../norm.ts'
import { applyAffine } from '../standardize.ts'
import { affine } from '../variant.ts'

/** Dynamic Tanh (DyT): no statistics at all. Zhu, Chen, He, LeCun & Liu 2025, https://arxiv.org/abs/2503.10622 */
export const dynamicTanh = norm({
  name: 'DynamicTanh',
  stats: null,
  params: { ...affine('c'), alpha: { along: '', init: 0.5 } },
  apply: (t, x, params) => ({
    y: applyAffine(t, t.tanh(t.mul(params.alpha, x)), params, { params: affine('c') }),
  }),
  kernel: squash(Math.tanh, (_z, u) => 1 - u * u),
})

export const about = (): About => ({
  paper: {
    authors: 'Zhu, Chen, He, LeCun & Liu',
    year: 2025,
    title: 'Transformers without Normalization',
    url: 'https://arxiv.org/abs/2503.10622',
  },
  when: 'Instead of LayerNorm in a transformer, where taking statistics is to be avoided.',
  formula: String.raw`y_{nsc} = \gamma_c \tanh(\alpha \, x_{nsc}) + \beta_c`,
  ships: { xTransformers: 'DynamicTanh' },
})
