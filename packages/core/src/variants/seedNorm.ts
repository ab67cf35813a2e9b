import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { scaleFactor } from '../standardize.ts'

/** Self-Rescaled Dynamic Normalization: RMSNorm whose gamma depends on the input. Cai, Wu et al. 2025, https://arxiv.org/abs/2510.22777 */
export const seedNorm = norm({
  name: 'SeeDNorm',
  stats: 'n s c -> n s',
  params: { gamma: { along: 'c', init: 1 }, alpha: { along: 'c', init: 1 }, beta: { along: 'c', init: 0 } },
  options: { epsilon: 1e-6 },
  apply(t, x, { gamma, alpha, beta }, _state, { epsilon }) {
    const gate = t.tanh(t.sum(t.mul(x, beta), 'n s'))
    const xhat = t.mul(x, scaleFactor(t, 'rms', t.mean(t.mul(x, x), 'n s'), epsilon as number))
    return { y: t.mul(t.add(t.mul(gate, alpha), gamma), xhat) }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Cai, Wu et al.',
    year: 2025,
    title: 'SeeDNorm: Self-Rescaled Dynamic Normalization',
    url: 'https://arxiv.org/abs/2510.22777',
  },
  when: 'As RMSNorm, where the gain should follow the input.',
  formula: String.raw`y_{nsc} = \Big( \tanh\big( \textstyle\sum_{c'} \beta_{c'} x_{nsc'} \big) \alpha_c + \gamma_c \Big) \frac{x_{nsc}}{\sqrt{\overline{x^2}_{ns} + \epsilon}}`,
  unverified: 'formula seen in the abstract’s words; initial values were not checked',
})
