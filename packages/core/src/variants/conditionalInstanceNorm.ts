import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Conditional Instance Normalization: gamma and beta of a style. Dumoulin, Shlens & Kudlur 2017, https://arxiv.org/abs/1610.07629 */
export const conditionalInstanceNorm = norm({
  name: 'ConditionalInstanceNorm',
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
    authors: 'Dumoulin, Shlens & Kudlur',
    year: 2017,
    title: 'A Learned Representation For Artistic Style',
    url: 'https://arxiv.org/abs/1610.07629',
  },
  when: 'One network for many styles: each has a gain and a bias of its own.',
  cases: [{}],
})
