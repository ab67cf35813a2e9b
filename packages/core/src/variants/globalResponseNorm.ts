import type { About } from '../about.ts'
import { globalResponse } from '../kernels/own/globalResponse.ts'
import { norm } from '../norm.ts'
import { safeDivide, safeSqrt } from '../standardize.ts'

/** Global Response Normalization, of ConvNeXt V2: channels compete by their lengths. Woo, Debnath, Hu, Chen, Liu, Kweon & Xie 2023, https://arxiv.org/abs/2301.00808 */
export const globalResponseNorm = norm({
  name: 'GlobalResponseNorm',
  stats: 'n s c -> n',
  params: { gamma: { along: 'c', init: 0 }, beta: { along: 'c', init: 0 } },
  options: { epsilon: 1e-6 },
  apply(t, x, { gamma, beta }, _state, { epsilon }) {
    const length = safeSqrt(t, t.sum(t.mul(x, x), 'n c'))
    const relative = safeDivide(t, length, t.add(t.mean(length, 'n'), t.constant(epsilon as number)))
    return { y: t.add(t.add(t.mul(gamma, t.mul(x, relative)), beta), x) }
  },
  kernel: globalResponse,
})

export const about = (): About => ({
  paper: {
    authors: 'Woo, Debnath, Hu, Chen, Liu, Kweon & Xie',
    year: 2023,
    title: 'ConvNeXt V2: Co-designing and Scaling ConvNets with Masked Autoencoders',
    url: 'https://arxiv.org/abs/2301.00808',
  },
  when: 'ConvNeXt V2: keeps channels from becoming alike, as masked pretraining makes them.',
  formula: String.raw`y_{nsc} = \gamma_c \, x_{nsc} \frac{\lVert x \rVert_{nc}}{\frac{1}{C} \sum_{c'} \lVert x \rVert_{nc'} + \epsilon} + \beta_c + x_{nsc}`,
  ships: { timm: 'GlobalResponseNorm' },
})
