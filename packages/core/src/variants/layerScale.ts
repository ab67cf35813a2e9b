import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** LayerScale: a small learned factor for each channel of a residual branch. Touvron, Cord, Sablayrolles, Synnaeve & Jégou 2021, https://arxiv.org/abs/2103.17239 */
export const layerScale = norm({
  name: 'LayerScale',
  stats: null,
  params: { gamma: { along: 'c', init: 1e-5 } },
  apply: (t, x, { gamma }) => ({ y: t.mul(gamma, x) }),
})

export const about = (): About => ({
  paper: {
    authors: 'Touvron, Cord, Sablayrolles, Synnaeve & Jégou',
    year: 2021,
    title: 'Going deeper with Image Transformers',
    url: 'https://arxiv.org/abs/2103.17239',
  },
  when: 'Deep vision transformers: each residual branch begins almost closed.',
  formula: String.raw`y_{nsc} = \gamma_c \, x_{nsc}`,
  ships: { timm: 'LayerScale', xTransformers: 'LayerScale' },
})
