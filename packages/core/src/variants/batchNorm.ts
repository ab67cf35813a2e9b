import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { affine } from '../variant.ts'

/** Batch Normalization. Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167 */
export const batchNorm = norm({
  name: 'BatchNorm',
  stats: 'n s c -> c',
  center: true,
  scale: 'std',
  params: affine('c'),
  running: 'c',
  weights: true,
  options: { epsilon: 1e-5, decay: 0.9, variance: 'biased' },
})

export const about = (): About => ({
  paper: {
    authors: 'Ioffe & Szegedy',
    year: 2015,
    title: 'Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift',
    url: 'https://arxiv.org/abs/1502.03167',
  },
  when: 'Convolutional networks with batches of about 16 and more. At inference it folds into the layer before.',
  formula: String.raw`y_{nsc} = \gamma_c \frac{x_{nsc} - \mu_c}{\sqrt{\sigma_c^2 + \epsilon}} + \beta_c`,
  cases: [{}, { epsilon: 1e-3 }],
  ships: {
    torch: 'nn.BatchNorm2d',
    keras: 'layers.BatchNormalization',
    tfjs: 'layers.batchNormalization',
    flax: 'nnx.BatchNorm',
    onnx: 'BatchNormalization',
    mlx: 'nn.BatchNorm',
  },
})
