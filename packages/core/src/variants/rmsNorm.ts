import type { About } from '../about.ts'
import { plainNorm } from '../plain.ts'
import { gain } from '../variant.ts'

/** Root Mean Square Layer Normalization. Zhang & Sennrich 2019, https://arxiv.org/abs/1910.07467 */
export const rmsNorm = plainNorm({
  name: 'RMSNorm',
  stats: 'n s c -> n s',
  center: false,
  scale: 'rms',
  params: gain('c'),
  options: { epsilon: 1e-5 },
})

export const about = (): About => ({
  paper: {
    authors: 'Zhang & Sennrich',
    year: 2019,
    title: 'Root Mean Square Layer Normalization',
    url: 'https://arxiv.org/abs/1910.07467',
  },
  when: 'Transformers: as good as LayerNorm in most reports, and a little less work.',
  formula: String.raw`y_{nsc} = \gamma_c \frac{x_{nsc}}{\sqrt{\frac{1}{C} \sum_{c'} x_{nsc'}^2 + \epsilon}}`,
  cases: [{}, { epsilon: 1e-6 }],
  ships: {
    torch: 'nn.RMSNorm',
    keras: 'layers.RMSNormalization',
    flax: 'nnx.RMSNorm',
    onnx: 'RMSNormalization',
    mlx: 'nn.RMSNorm',
  },
})
