import type { About } from '../about.ts'
import { noise } from '../noise.ts'

/** Stochastic depth (DropPath): the residual branch of whole examples. Huang, Sun, Liu, Sedra & Weinberger 2016, https://arxiv.org/abs/1603.09382 */
export const dropPath = noise({
  name: 'DropPath',
  mask: 'n s c -> n',
  distribution: 'bernoulli',
  options: { rate: 0.1 },
})

export const about = (): About => ({
  paper: {
    authors: 'Huang, Sun, Liu, Sedra & Weinberger',
    year: 2016,
    title: 'Deep Networks with Stochastic Depth',
    url: 'https://arxiv.org/abs/1603.09382',
  },
  when: 'Very deep residual networks: a whole branch is left out, example by example.',
  formula: String.raw`y_{nsc} = \frac{m_n}{1 - p} x_{nsc}, \quad m_n \sim \mathrm{Bernoulli}(1 - p)`,
  cases: [{ rate: 0.5 }],
  ships: { timm: 'DropPath' },
})
