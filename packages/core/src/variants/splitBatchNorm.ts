import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { affine } from '../variant.ts'

/** Split Batch Normalization: each of b splits of the batch has statistics and parameters of its own. Xie, Tan, Gong, Wang, Yuille & Le 2019, https://arxiv.org/abs/1911.09665 */
export const splitBatchNorm = norm({
  name: 'SplitBatchNorm',
  stats: '(b m) s c -> b c',
  center: true,
  scale: 'std',
  params: affine('b c'),
  running: 'b c',
  options: { b: 2, epsilon: 1e-5, decay: 0.9, variance: 'biased' },
})

export const about = (): About => ({
  paper: {
    authors: 'Xie, Tan, Gong, Wang, Yuille & Le',
    year: 2019,
    title: 'Adversarial Examples Improve Image Recognition',
    url: 'https://arxiv.org/abs/1911.09665',
  },
  when: 'Batches of several kinds of example, such as clean and adversarial ones.',
  cases: [{ b: 1 }, { b: 2 }],
  ships: { timm: 'SplitBatchNorm2d' },
})
