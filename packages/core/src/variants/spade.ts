import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Spatially-adaptive denormalization: 1 + gamma and beta for each position, from a segmentation map. Park, Liu, Wang & Zhu 2019, https://arxiv.org/abs/1903.07291 */
export const spade = norm({
  name: 'SPADE',
  stats: 'n s c -> c',
  center: true,
  scale: 'std',
  params: {
    gamma: { along: 'n s c', init: 0, from: 'input', plusOne: true },
    beta: { along: 'n s c', init: 0, from: 'input' },
  },
  running: 'c',
  options: { epsilon: 1e-5, decay: 0.9, variance: 'biased' },
})

export const about = (): About => ({
  paper: {
    authors: 'Park, Liu, Wang & Zhu',
    year: 2019,
    title: 'Semantic Image Synthesis with Spatially-Adaptive Normalization',
    url: 'https://arxiv.org/abs/1903.07291',
  },
  when: 'Images painted from a segmentation map: the map would be washed out by plain normalization.',
  cases: [{}],
})
