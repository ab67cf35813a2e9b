import type { About } from '../about.ts'
import { noise } from '../noise.ts'

/** Variational dropout for recurrent networks: one mask for all time steps (s is time). Gal & Ghahramani 2016, https://arxiv.org/abs/1512.05287 */
export const variationalDropout = noise({
  name: 'VariationalDropout',
  mask: 'n s c -> n c',
  distribution: 'bernoulli',
  options: { rate: 0.5 },
})

export const about = (): About => ({
  paper: {
    authors: 'Gal & Ghahramani',
    year: 2016,
    title: 'A Theoretically Grounded Application of Dropout in Recurrent Neural Networks',
    url: 'https://arxiv.org/abs/1512.05287',
  },
  when: 'Recurrent networks: the same units are dropped at every step.',
  formula: String.raw`y_{ntc} = \frac{m_{nc}}{1 - p} x_{ntc}, \quad m_{nc} \sim \mathrm{Bernoulli}(1 - p)`,
  cases: [{ rate: 0.3 }],
  ships: { keras: 'noise_shape=(None, 1, None)' },
})
