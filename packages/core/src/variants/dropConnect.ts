import type { About } from '../about.ts'
import { noise } from '../noise.ts'

/** DropConnect: a mask over weights, here inverted as dropout is. Wan, Zeiler, Zhang, LeCun & Fergus 2013, https://proceedings.mlr.press/v28/wan13.html */
export const dropConnect = noise({
  name: 'DropConnect',
  mask: 'o i -> o i',
  distribution: 'bernoulli',
  options: { rate: 0.5 },
})

export const about = (): About => ({
  paper: {
    authors: 'Wan, Zeiler, Zhang, LeCun & Fergus',
    year: 2013,
    title: 'Regularization of Neural Networks using DropConnect',
    url: 'https://proceedings.mlr.press/v28/wan13.html',
  },
  when: 'As dropout, on the weights: where a layer’s outputs should all stay in play.',
  formula: String.raw`y_{oi} = \frac{m_{oi}}{1 - p} w_{oi}, \quad m_{oi} \sim \mathrm{Bernoulli}(1 - p)`,
  cases: [{ rate: 0.5 }],
  unverified: 'the paper infers with a normal approximation; scaling the kept weights is common practice',
})
