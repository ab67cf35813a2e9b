import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { cellMoments, scaleFactor } from '../standardize.ts'
import { gain } from '../variant.ts'

/** Scaled Weight Standardization, of NFNets. Brock, De, Smith & Simonyan 2021, https://arxiv.org/abs/2102.06171 */
export const scaledWeightStandardization = norm({
  name: 'ScaledWeightStandardization',
  stats: 'o i -> o',
  center: true,
  scale: 'l2',
  params: gain('o'),
  options: { epsilon: 1e-6 },
  apply(t, x, { gamma }, _state, { epsilon }) {
    const { mean, variance } = cellMoments(t, x, 'o', 'std', true)
    const scale = t.div(
      scaleFactor(t, 'std', variance, epsilon as number),
      t.constant(Math.sqrt(t.count(x, 'o'))),
    )
    return { y: t.mul(t.mul(t.sub(x, mean), scale), gamma) }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Brock, De, Smith & Simonyan',
    year: 2021,
    title: 'High-Performance Large-Scale Image Recognition Without Normalization',
    url: 'https://arxiv.org/abs/2102.06171',
  },
  when: 'Networks without normalization of activations, such as NFNets.',
  formula: String.raw`y_{oi} = \gamma_o \frac{w_{oi} - \mu_o}{\sqrt{N}\,\sqrt{\sigma_o^2 + \epsilon}}`,
  cases: [{}],
  ships: { timm: 'ScaledStdConv2d' },
})
