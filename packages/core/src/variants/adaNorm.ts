import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { cellMoments, scaleFactor } from '../standardize.ts'

/** AdaNorm: LayerNorm without gamma and beta, times 1 - k y, held constant in the gradient. Xu, Sun, Zhang, Zhao & Lin 2019, https://arxiv.org/abs/1911.07013 */
export const adaNorm = norm({
  name: 'AdaNorm',
  stats: 'n s c -> n s',
  options: { epsilon: 1e-5, factor: 1, k: 0.1 },
  apply(t, x, _params, _state, { epsilon, factor, k }) {
    const { mean, variance } = cellMoments(t, x, 'n s', 'std', true)
    const xhat = t.mul(t.sub(x, mean), scaleFactor(t, 'std', variance, epsilon as number))
    const weight = t.stopGradient(
      t.sub(t.constant(factor as number), t.mul(t.constant((factor as number) * (k as number)), xhat)),
    )
    return { y: t.mul(weight, xhat) }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Xu, Sun, Zhang, Zhao & Lin',
    year: 2019,
    title: 'Understanding and Improving Layer Normalization',
    url: 'https://arxiv.org/abs/1911.07013',
  },
  when: 'To try LayerNorm without its gain and bias, where those overfit.',
  formula: String.raw`y_{nsc} = C (1 - k \hat{x}_{nsc}) \hat{x}_{nsc}, \quad \hat{x}_{nsc} = \frac{x_{nsc} - \mu_{ns}}{\sqrt{\sigma_{ns}^2 + \epsilon}}`,
})
