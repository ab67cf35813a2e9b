import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { gain } from '../variant.ts'

/** Weight Normalization: the length of each output’s weights is a parameter. Salimans & Kingma 2016, https://arxiv.org/abs/1602.07868 */
export const weightNorm = norm({
  name: 'WeightNorm',
  stats: 'o i -> o',
  center: false,
  scale: 'l2',
  params: gain('o'),
  options: { epsilon: 0 },
})

export const about = (): About => ({
  paper: {
    authors: 'Salimans & Kingma',
    year: 2016,
    title: 'Weight Normalization: A Simple Reparameterization to Accelerate Training of Deep Neural Networks',
    url: 'https://arxiv.org/abs/1602.07868',
  },
  when: 'Where batch statistics do harm, as in recurrent networks, generators and reinforcement learning.',
  cases: [{}],
  ships: { torch: 'nn.utils.parametrizations.weight_norm', flax: 'nnx.WeightNorm' },
})
