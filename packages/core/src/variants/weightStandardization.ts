import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Weight Standardization. Qiao, Wang, Liu, Shen & Yuille 2019, https://arxiv.org/abs/1903.10520 */
export const weightStandardization = norm({
  name: 'WeightStandardization',
  stats: 'o i -> o',
  center: true,
  scale: 'std',
  params: {},
  options: { epsilon: 1e-5 },
})

export const about = (): About => ({
  paper: {
    authors: 'Qiao, Wang, Liu, Shen & Yuille',
    year: 2019,
    title: 'Micro-Batch Training with Batch-Channel Normalization and Weight Standardization',
    url: 'https://arxiv.org/abs/1903.10520',
  },
  when: 'With GroupNorm and small batches.',
  cases: [{}],
  ships: { timm: 'StdConv2d' },
})
