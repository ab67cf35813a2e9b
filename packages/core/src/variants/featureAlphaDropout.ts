import type { About } from '../about.ts'
import { noise } from '../noise.ts'
import { alphaDrop } from '../alphaDrop.ts'

/** Feature alpha dropout: alpha dropout of whole channels. Klambauer, Unterthiner, Mayr & Hochreiter 2017, https://arxiv.org/abs/1706.02515 */
export const featureAlphaDropout = noise({
  name: 'FeatureAlphaDropout',
  mask: 'n s c -> n c',
  distribution: 'bernoulli',
  options: { rate: 0.5 },
  apply: alphaDrop,
})

export const about = (): About => ({
  paper: {
    authors: 'Klambauer, Unterthiner, Mayr & Hochreiter',
    year: 2017,
    title: 'Self-Normalizing Neural Networks',
    url: 'https://arxiv.org/abs/1706.02515',
  },
  when: 'As AlphaDropout, for whole channels of images.',
  formula: String.raw`y_{nsc} = a \big( m_{nc} x_{nsc} + (1 - m_{nc}) \alpha' \big) + b`,
  cases: [{ rate: 0.1 }],
  ships: { torch: 'nn.FeatureAlphaDropout' },
})
