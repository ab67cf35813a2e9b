import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { affine } from '../variant.ts'

/** Instance Normalization. Ulyanov, Vedaldi & Lempitsky 2016, https://arxiv.org/abs/1607.08022 */
export const instanceNorm = norm({
  name: 'InstanceNorm',
  stats: 'n s c -> n c',
  center: true,
  scale: 'std',
  params: affine('c'),
  options: { epsilon: 1e-5 },
})

export const about = (): About => ({
  paper: {
    authors: 'Ulyanov, Vedaldi & Lempitsky',
    year: 2016,
    title: 'Instance Normalization: The Missing Ingredient for Fast Stylization',
    url: 'https://arxiv.org/abs/1607.08022',
  },
  when: 'Images whose contrast should not matter, as in style transfer.',
  formula: String.raw`y_{nsc} = \gamma_c \frac{x_{nsc} - \mu_{nc}}{\sqrt{\sigma_{nc}^2 + \epsilon}} + \beta_c`,
  cases: [{}, { epsilon: 1e-3 }],
  ships: {
    torch: 'nn.InstanceNorm2d',
    keras: 'layers.GroupNormalization(groups=-1)',
    flax: 'nnx.InstanceNorm',
    onnx: 'InstanceNormalization',
    mlx: 'nn.InstanceNorm',
  },
})
