import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { applyAffine, cellMoments, runOn } from '../standardize.ts'
import { affine } from '../variant.ts'

/** EvoNorm-B1: batch standard deviation, or x + 1 times the instance root mean square, whichever is greater. Liu, Brock, Simonyan & Le 2020, https://arxiv.org/abs/2004.02967 */
export const evoNormB1 = norm({
  name: 'EvoNormB1',
  stats: 'n s c -> c',
  params: affine('c'),
  running: 'c',
  options: { epsilon: 1e-5 },
  apply(t, x, params, state, { training, epsilon, decay }) {
    const root = (square: typeof x) => t.sqrt(t.add(square, t.constant(epsilon as number)))
    const own = training ? cellMoments(t, x, 'c', 'std', true) : undefined
    const rms = root(t.mean(t.mul(x, x), 'n c'))
    const divisor = t.max(root((own ?? state).variance), t.mul(t.add(x, t.constant(1)), rms))
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
  when: 'As EvoNormB0, without a parameter of its own.',
  formula: String.raw`y_{nsc} = \gamma_c \frac{x_{nsc}}{\max\big( \sqrt{\sigma_c^2 + \epsilon}, \; (x_{nsc} + 1) \sqrt{\overline{x^2}_{nc} + \epsilon} \big)} + \beta_c`,
  ships: { timm: 'EvoNorm2dB1' },
})
