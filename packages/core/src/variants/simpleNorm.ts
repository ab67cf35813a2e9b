import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { gain } from '../variant.ts'

/** SimpleNorm: divides by the standard deviation and does not centre. Wightman 2019, https://github.com/huggingface/pytorch-image-models */
export const simpleNorm = norm({
  name: 'SimpleNorm',
  stats: 'n s c -> n s',
  center: false,
  scale: 'std',
  params: gain('c'),
  options: { epsilon: 1e-6 },
})

export const about = (): About => ({
  paper: {
    authors: 'Wightman',
    year: 2019,
    title: 'PyTorch Image Models',
    url: 'https://github.com/huggingface/pytorch-image-models',
  },
  when: 'As RMSNorm, over the standard deviation instead.',
  cases: [{}],
  ships: { timm: 'SimpleNorm' },
})
