import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { applyAffine, cellMoments, runOn } from '../standardize.ts'
import { affine } from '../variant.ts'

/** EvoNorm-B0: batch standard deviation, or instance standard deviation plus v x, whichever is greater. Liu, Brock, Simonyan & Le 2020, https://arxiv.org/abs/2004.02967 */
export const evoNormB0 = norm({
  name: 'EvoNormB0',
  stats: 'n s c -> c',
  params: { ...affine('c'), v: { along: 'c', init: 1 } },
  running: 'c',
  options: { epsilon: 1e-5 },
  apply(t, x, params, state, { training, epsilon, decay }) {
    const root = (variance: typeof x) => t.sqrt(t.add(variance, t.constant(epsilon as number)))
    const own = training ? cellMoments(t, x, 'c', 'std', true) : undefined
    const instance = root(cellMoments(t, x, 'n c', 'std', true).variance)
    const divisor = t.max(root((own ?? state).variance), t.add(t.mul(params.v, x), instance))
    return {
      y: applyAffine(t, t.div(x, divisor), params, { params: affine('c') }),
      state: own && runOn(t, state, own, decay as number),
    }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Liu, Brock, Simonyan & Le',
    year: 2020,
    title: 'Evolving Normalization-Activation Layers',
    url: 'https://arxiv.org/abs/2004.02967',
  },
  when: 'Instead of BatchNorm and its activation together, with large batches.',
  formula: String.raw`y_{nsc} = \gamma_c \frac{x_{nsc}}{\max\big( \sqrt{\sigma_c^2 + \epsilon}, \; v_c x_{nsc} + \sqrt{\sigma_{nc}^2 + \epsilon} \big)} + \beta_c`,
  ships: { timm: 'EvoNorm2dB0' },
})
