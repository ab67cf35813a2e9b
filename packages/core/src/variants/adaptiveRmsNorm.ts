import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Adaptive RMSNorm: the scale comes from a condition. Peebles & Xie 2023, https://arxiv.org/abs/2212.09748 (adaLN with RMSNorm, as x-transformers ships it) */
export const adaptiveRmsNorm = norm({
  name: 'AdaptiveRMSNorm',
  stats: 'n s c -> n s',
  center: false,
  scale: 'rms',
  params: { gamma: { along: 'n c', init: 0, from: 'input', plusOne: true } },
  options: { epsilon: 1e-6 },
})

export const about = (): About => ({
  paper: {
    authors: 'Peebles & Xie',
    year: 2023,
    title: 'Scalable Diffusion Models with Transformers',
    url: 'https://arxiv.org/abs/2212.09748',
  },
  when: 'As AdaptiveLayerNorm, in networks that use RMSNorm.',
  cases: [{}],
  ships: { xTransformers: 'AdaptiveRMSNorm' },
})
