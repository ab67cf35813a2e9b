import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Mean-only Batch Normalization: centres and does not scale. Salimans & Kingma 2016, https://arxiv.org/abs/1602.07868 */
export const meanOnlyBatchNorm = norm({
  name: 'MeanOnlyBatchNorm',
  stats: 'n s c -> c',
  center: true,
  scale: 'none',
  params: { beta: { along: 'c', init: 0 } },
  running: 'c',
  options: { decay: 0.9, variance: 'biased' },
})

export const about = (): About => ({
  paper: {
    authors: 'Salimans & Kingma',
    year: 2016,
    title: 'Weight Normalization: A Simple Reparameterization to Accelerate Training of Deep Neural Networks',
    url: 'https://arxiv.org/abs/1602.07868',
  },
  when: 'Beside weight normalization, which takes care of the scale.',
  cases: [{}],
})
