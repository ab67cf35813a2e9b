import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { gain } from '../variant.ts'

/** Query-Key Normalization: unit length a head, and one learned scale in place of 1/sqrt(d). Henry, Dachapally, Pawar & Chen 2020, https://arxiv.org/abs/2010.04245 */
export const qkNorm = norm({
  name: 'QKNorm',
  stats: 'n s (h k) -> n s h',
  center: false,
  scale: 'l2',
  params: gain(''),
  options: { h: 8, epsilon: 1e-12 },
})

export const about = (): About => ({
  paper: {
    authors: 'Henry, Dachapally, Pawar & Chen',
    year: 2020,
    title: 'Query-Key Normalization for Transformers',
    url: 'https://arxiv.org/abs/2010.04245',
  },
  when: 'Attention whose logits grow during training.',
  cases: [{ h: 2 }, { h: 6 }],
  ships: { timm: 'qk_norm', xTransformers: 'attn_qk_norm' },
})
