import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Conditional Batch Normalization: gamma and beta come from another input. de Vries, Strub, Mary, Larochelle, Pietquin & Courville 2017, https://arxiv.org/abs/1707.00683 */
export const conditionalBatchNorm = norm({
  name: 'ConditionalBatchNorm',
  stats: 'n s c -> c',
  center: true,
  scale: 'std',
  params: {
    gamma: { along: 'n c', init: 1, from: 'input' },
    beta: { along: 'n c', init: 0, from: 'input' },
  },
  running: 'c',
  options: { epsilon: 1e-5, decay: 0.9, variance: 'biased' },
})

export const about = (): About => ({
  paper: {
    authors: 'de Vries, Strub, Mary, Larochelle, Pietquin & Courville',
    year: 2017,
    title: 'Modulating early visual processing by language',
    url: 'https://arxiv.org/abs/1707.00683',
  },
  when: 'A generator that is told a class, with large batches.',
  cases: [{}],
})
