import type { About } from '../about.ts'
import { plainNorm } from '../plain.ts'
import { affine } from '../variant.ts'

/** Layer Normalization. Ba, Kiros & Hinton 2016, https://arxiv.org/abs/1607.06450 */
export const layerNorm = plainNorm({
  name: 'LayerNorm',
  stats: 'n s c -> n s',
  center: true,
  scale: 'std',
  params: affine('c'),
  options: { epsilon: 1e-5 },
})

export const about = (): About => ({
  paper: {
    authors: 'Ba, Kiros & Hinton',
    year: 2016,
    title: 'Layer Normalization',
    url: 'https://arxiv.org/abs/1607.06450',
  },
  when: 'Transformers and recurrent networks: each position by itself, whatever the batch.',
  formula: String.raw`y_{nsc} = \gamma_c \frac{x_{nsc} - \mu_{ns}}{\sqrt{\sigma_{ns}^2 + \epsilon}} + \beta_c`,
  cases: [{}, { epsilon: 1e-3 }],
  ships: {
    torch: 'nn.LayerNorm',
    keras: 'layers.LayerNormalization',
    tfjs: 'layers.layerNormalization',
    flax: 'nnx.LayerNorm',
    onnx: 'LayerNormalization',
    mlx: 'nn.LayerNorm',
  },
})
