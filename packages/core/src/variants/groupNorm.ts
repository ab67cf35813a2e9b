import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { affine } from '../variant.ts'

/** Group Normalization. Wu & He 2018, https://arxiv.org/abs/1803.08494 */
export const groupNorm = norm({
  name: 'GroupNorm',
  stats: 'n s (g k) -> n g',
  center: true,
  scale: 'std',
  params: affine('c'),
  options: { g: 32, epsilon: 1e-5 },
})

export const about = (): About => ({
  paper: {
    authors: 'Wu & He',
    year: 2018,
    title: 'Group Normalization',
    url: 'https://arxiv.org/abs/1803.08494',
  },
  when: 'Convolutional networks with small batches, as in detection, segmentation and diffusion models.',
  formula: String.raw`y_{nsc} = \gamma_c \frac{x_{nsc} - \mu_{ng}}{\sqrt{\sigma_{ng}^2 + \epsilon}} + \beta_c, \quad c \in g`,
  cases: [{ g: 2 }, { g: 6 }],
  ships: {
    torch: 'nn.GroupNorm',
    keras: 'layers.GroupNormalization',
    flax: 'nnx.GroupNorm',
    onnx: 'GroupNormalization',
    mlx: 'nn.GroupNorm',
  },
})
