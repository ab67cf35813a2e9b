import type { About } from '../about.ts'
import { noise } from '../noise.ts'
import { alphaDrop } from '../alphaDrop.ts'

/** Alpha dropout: keeps mean and variance of self-normalizing activations. Klambauer, Unterthiner, Mayr & Hochreiter 2017, https://arxiv.org/abs/1706.02515 */
export const alphaDropout = noise({
  name: 'AlphaDropout',
  mask: 'n s c -> n s c',
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
  when: 'With SELU alone: it keeps mean 0 and variance 1, which SELU needs.',
  formula: String.raw`y_{nsc} = a \big( m x + (1 - m) \alpha' \big) + b, \quad a = \big( (1 - p)(1 + p \alpha'^2) \big)^{-1/2}, \; b = -a p \alpha'`,
  cases: [{ rate: 0.1 }],
  ships: {
    torch: 'nn.AlphaDropout',
    keras: 'layers.AlphaDropout',
    tfjs: 'layers.alphaDropout (with a sign error)',
  },
})
