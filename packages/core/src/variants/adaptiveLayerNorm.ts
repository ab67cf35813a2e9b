import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Adaptive Layer Normalization (adaLN): scale and shift come from a condition. Peebles & Xie 2023, https://arxiv.org/abs/2212.09748 */
export const adaptiveLayerNorm = norm({
  name: 'AdaptiveLayerNorm',
  stats: 'n s c -> n s',
  center: true,
  scale: 'std',
  params: {
    gamma: { along: 'n c', init: 0, from: 'input', plusOne: true },
    beta: { along: 'n c', init: 0, from: 'input' },
  },
  options: { epsilon: 1e-6 },
})

export const about = (): About => ({
  paper: {
    authors: 'Peebles & Xie',
    year: 2023,
    title: 'Scalable Diffusion Models with Transformers',
    url: 'https://arxiv.org/abs/2212.09748',
  },
  when: 'Where a transformer is told something from outside, such as the time step of a diffusion model.',
  cases: [{}],
  ships: { xTransformers: 'AdaptiveLayerNorm' },
})
