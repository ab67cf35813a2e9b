import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Adaptive Instance Normalization: gamma is the standard deviation and beta the mean of the style. Huang & Belongie 2017, https://arxiv.org/abs/1703.06868 */
export const adaptiveInstanceNorm = norm({
  name: 'AdaptiveInstanceNorm',
  stats: 'n s c -> n c',
  center: true,
  scale: 'std',
  params: {
    gamma: { along: 'n c', init: 1, from: 'input' },
    beta: { along: 'n c', init: 0, from: 'input' },
  },
  options: { epsilon: 1e-5 },
})

export const about = (): About => ({
  paper: {
    authors: 'Huang & Belongie',
    year: 2017,
    title: 'Arbitrary Style Transfer in Real-time with Adaptive Instance Normalization',
    url: 'https://arxiv.org/abs/1703.06868',
  },
  when: 'To give an image the style of another: its channels take over that image’s mean and spread.',
  cases: [{}],
})
