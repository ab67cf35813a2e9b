import type { About } from '../about.ts'
import { filterResponse } from '../kernels/own/filterResponse.ts'
import { norm } from '../norm.ts'
import { applyAffine, scaleFactor } from '../standardize.ts'
import { affine } from '../variant.ts'

/** Filter Response Normalization with its Thresholded Linear Unit. Singh & Krishnan 2019, https://arxiv.org/abs/1911.09737 */
export const filterResponseNorm = norm({
  name: 'FilterResponseNorm',
  stats: 'n s c -> n c',
  params: { ...affine('c'), tau: { along: 'c', init: 0 } },
  options: { epsilon: 1e-6 },
  apply(t, x, params, _state, { epsilon }) {
    const factor = scaleFactor(t, 'rms', t.mean(t.mul(x, x), 'n c'), epsilon as number)
    return { y: t.max(applyAffine(t, t.mul(x, factor), params, { params: affine('c') }), params.tau) }
  },
  kernel: filterResponse,
})

export const about = (): About => ({
  paper: {
    authors: 'Singh & Krishnan',
    year: 2019,
    title:
      'Filter Response Normalization Layer: Eliminating Batch Dependence in the Training of Deep Neural Networks',
    url: 'https://arxiv.org/abs/1911.09737',
  },
  when: 'Convolutional networks with any batch size. Its learned threshold takes the place of ReLU.',
  formula: String.raw`y_{nsc} = \max\Big( \gamma_c \frac{x_{nsc}}{\sqrt{\overline{x^2}_{nc} + \epsilon}} + \beta_c, \; \tau_c \Big)`,
  ships: { timm: 'FilterResponseNormTlu2d' },
})
