import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { gain } from '../variant.ts'

/** ScaleNorm: a length of one learned number (initially the root of the width, in the paper). Nguyen & Salazar 2019, https://arxiv.org/abs/1910.05895 */
export const scaleNorm = norm({
  name: 'ScaleNorm',
  stats: 'n s c -> n s',
  center: false,
  scale: 'l2',
  params: gain(''),
  options: { epsilon: 1e-5 },
})

export const about = (): About => ({
  paper: {
    authors: 'Nguyen & Salazar',
    year: 2019,
    title: 'Transformers without Tears: Improving the Normalization of Self-Attention',
    url: 'https://arxiv.org/abs/1910.05895',
  },
  when: 'Transformers for small translation data: one learned length for all vectors.',
  cases: [{}],
  ships: { xTransformers: 'ScaleNorm' },
})
