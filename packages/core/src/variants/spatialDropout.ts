import type { About } from '../about.ts'
import { noise } from '../noise.ts'

/** Spatial Dropout: whole channels. Tompson, Goroshin, Jain, LeCun & Bregler 2014, https://arxiv.org/abs/1411.4280 */
export const spatialDropout = noise({
  name: 'SpatialDropout',
  mask: 'n s c -> n c',
  distribution: 'bernoulli',
  options: { rate: 0.5 },
})

export const about = (): About => ({
  paper: {
    authors: 'Tompson, Goroshin, Jain, LeCun & Bregler',
    year: 2014,
    title: 'Efficient Object Localization Using Convolutional Networks',
    url: 'https://arxiv.org/abs/1411.4280',
  },
  when: 'Convolutional networks: whole channels go, as neighbours carry the same information.',
  formula: String.raw`y_{nsc} = \frac{m_{nc}}{1 - p} x_{nsc}, \quad m_{nc} \sim \mathrm{Bernoulli}(1 - p)`,
  cases: [{ rate: 0.5 }],
  ships: {
    torch: 'nn.Dropout2d',
    keras: 'layers.SpatialDropout2D',
    tfjs: 'layers.spatialDropout1d',
    mlx: 'nn.Dropout2d',
  },
})
