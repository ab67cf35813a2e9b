import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { affine } from '../variant.ts'

/** Ghost Batch Normalization: statistics of sub-batches of m examples. Hoffer, Hubara & Soudry 2017, https://arxiv.org/abs/1705.08741 */
export const ghostBatchNorm = norm({
  name: 'GhostBatchNorm',
  stats: '(b m) s c -> b c',
  center: true,
  scale: 'std',
  params: affine('c'),
  running: 'c',
  weights: true,
  options: { m: 32, epsilon: 1e-5, decay: 0.9, variance: 'biased' },
})

export const about = (): About => ({
  paper: {
    authors: 'Hoffer, Hubara & Soudry',
    year: 2017,
    title:
      'Train longer, generalize better: closing the generalization gap in large batch training of neural networks',
    url: 'https://arxiv.org/abs/1705.08741',
  },
  when: 'Very large batches, whose statistics would be too quiet to regularize.',
  cases: [{ m: 1 }, { m: 2 }],
})
