import type { About } from '../about.ts'
import { noise } from '../noise.ts'

/** Gaussian noise. Sietsma & Dow 1991, https://doi.org/10.1016/0893-6080(91)90033-2 */
export const gaussianNoise = noise({
  name: 'GaussianNoise',
  mask: 'n s c -> n s c',
  distribution: 'normal',
  options: { stddev: 0.1 },
  ranges: { stddev: [0] },
  apply: (t, x, z, _params, { stddev }) => t.add(x, t.mul(z, t.constant(stddev as number))),
})

export const about = (): About => ({
  paper: {
    authors: 'Sietsma & Dow',
    year: 1991,
    title: 'Creating artificial neural networks that generalize',
    url: 'https://doi.org/10.1016/0893-6080(91)90033-2',
  },
  when: 'On inputs, against overfitting to their exact values.',
  formula: String.raw`y_{nsc} = x_{nsc} + z_{nsc}, \quad z \sim \mathcal{N}(0, s^2)`,
  cases: [{ stddev: 0.5 }],
  ships: { keras: 'layers.GaussianNoise', tfjs: 'layers.gaussianNoise' },
})
