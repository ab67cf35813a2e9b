import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Pixelwise feature vector normalization. Karras, Aila, Laine & Lehtinen 2018, https://arxiv.org/abs/1710.10196 */
export const pixelNorm = norm({
  name: 'PixelNorm',
  stats: 'n s c -> n s',
  center: false,
  scale: 'rms',
  params: {},
  options: { epsilon: 1e-8 },
})

export const about = (): About => ({
  paper: {
    authors: 'Karras, Aila, Laine & Lehtinen',
    year: 2018,
    title: 'Progressive Growing of GANs for Improved Quality, Stability, and Variation',
    url: 'https://arxiv.org/abs/1710.10196',
  },
  when: 'The generator of a progressive GAN, to keep its values from growing.',
  cases: [{}],
})
