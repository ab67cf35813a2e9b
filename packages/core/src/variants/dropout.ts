import type { About } from '../about.ts'
import { noise } from '../noise.ts'

/** Dropout, inverted: kept units are scaled up in training. Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html */
export const dropout = noise({
  name: 'Dropout',
  mask: 'n s c -> n s c',
  distribution: 'bernoulli',
  options: { rate: 0.5 },
})

export const about = (): About => ({
  paper: {
    authors: 'Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov',
    year: 2014,
    title: 'Dropout: A Simple Way to Prevent Neural Networks from Overfitting',
    url: 'https://jmlr.org/papers/v15/srivastava14a.html',
  },
  when: 'Large dense layers that overfit. After a BatchNorm rather than before it.',
  formula: String.raw`y_{nsc} = \frac{m_{nsc}}{1 - p} x_{nsc}, \quad m_{nsc} \sim \mathrm{Bernoulli}(1 - p)`,
  cases: [{ rate: 0.1 }, { rate: 0.5 }],
  ships: {
    torch: 'nn.Dropout',
    keras: 'layers.Dropout',
    tfjs: 'layers.dropout',
    flax: 'nnx.Dropout',
    onnx: 'Dropout',
    mlx: 'nn.Dropout',
  },
})
