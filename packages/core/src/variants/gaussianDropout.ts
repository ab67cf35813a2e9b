import type { About } from '../about.ts'
import { noise } from '../noise.ts'

/** Gaussian dropout: multiplies by N(1, p / (1 - p)). Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014, https://jmlr.org/papers/v15/srivastava14a.html */
export const gaussianDropout = noise({
  name: 'GaussianDropout',
  mask: 'n s c -> n s c',
  distribution: 'normal',
  options: { rate: 0.5 },
  ranges: { rate: [0, 0, 1 - 2 ** -53] }, // 1 would spread without end
  apply: (t, x, z, _params, { rate }) => {
    const spread = Math.sqrt((rate as number) / (1 - (rate as number)))
    return t.mul(x, t.add(t.constant(1), t.mul(z, t.constant(spread))))
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov',
    year: 2014,
    title: 'Dropout: A Simple Way to Prevent Neural Networks from Overfitting',
    url: 'https://jmlr.org/papers/v15/srivastava14a.html',
  },
  when: 'As dropout, with noise that is never quite 0: the mean is kept and the gradient always flows.',
  formula: String.raw`y_{nsc} = x_{nsc} \, (1 + z_{nsc}), \quad z \sim \mathcal{N}\Big(0, \frac{p}{1 - p}\Big)`,
  cases: [{ rate: 0.1 }],
  ships: { keras: 'layers.GaussianDropout', tfjs: 'layers.gaussianDropout' },
})
