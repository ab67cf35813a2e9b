import type { About } from '../about.ts'
import { localResponse } from '../kernels/own/localResponse.ts'
import { norm } from '../norm.ts'

/** Local Response Normalization: divides by the energy of neighbouring channels. Krizhevsky, Sutskever & Hinton 2012, https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks */
export const localResponseNorm = norm({
  name: 'LocalResponseNorm',
  stats: null, // windows overlap: there are no cells
  options: { before: 2, after: 2, alpha: 1e-4, beta: 0.75, k: 2 },
  ranges: { before: [0, 1], after: [0, 1], alpha: [0], k: [0] },
  apply(t, x, _params, _state, { before, after, alpha, beta, k }) {
    const energy = t.windowSum(t.mul(x, x), 'c', before as number, after as number)
    const base = t.add(t.constant(k as number), t.mul(t.constant(alpha as number), energy))
    return { y: t.mul(x, t.pow(base, -(beta as number))) }
  },
  kernel: localResponse,
})

export const about = (): About => ({
  paper: {
    authors: 'Krizhevsky, Sutskever & Hinton',
    year: 2012,
    title: 'ImageNet Classification with Deep Convolutional Neural Networks',
    url: 'https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks',
  },
  when: 'To run AlexNet and its time. Newer networks do without.',
  formula: String.raw`y_{nsc} = x_{nsc} \Big/ \Big( k + \alpha \sum_{c' = c - \mathrm{before}}^{c + \mathrm{after}} x_{nsc'}^2 \Big)^{\beta}`,
  cases: [{}, { before: 1, after: 0, alpha: 0.5 }],
  ships: { torch: 'nn.LocalResponseNorm', tfjs: 'localResponseNormalization', onnx: 'LRN' },
})
