import type { About } from '../about.ts'
import { noise } from '../noise.ts'
import { safeDivide } from '../standardize.ts'

/** DropBlock: contiguous blocks of positions, and the rest scaled up. Ghiasi, Lin & Le 2018, https://arxiv.org/abs/1810.12890 */
export const dropBlock = noise({
  name: 'DropBlock',
  mask: 'n s c -> n s c',
  distribution: 'uniform',
  options: { rate: 0.1, block: 7 },
  ranges: { block: [1, 1] },
  apply(t, x, u, _params, { rate, block }) {
    const before = Math.floor(((block as number) - 1) / 2)
    const after = Math.floor((block as number) / 2)
    const one = t.constant(1)
    const volume = t.mean(t.windowSum(t.add(t.mul(u, t.constant(0)), one), 's', before, after), '')
    const centres = t.greater(t.div(t.constant(rate as number), volume), u)
    const kept = t.sub(one, t.windowMax(centres, 's', after, before))
    const share = t.mean(kept, '')
    return t.where(kept, t.mul(x, safeDivide(t, one, share)), t.constant(0))
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Ghiasi, Lin & Le',
    year: 2018,
    title: 'DropBlock: A regularization method for convolutional networks',
    url: 'https://arxiv.org/abs/1810.12890',
  },
  when: 'Convolutional networks: neighbours carry the same information, so a whole patch must go.',
  formula: String.raw`y = \frac{|M|}{\sum M} M x, \quad M = 1 - \max_{\mathrm{block}} \mathbb{1}[u < p / \mathrm{block}]`,
  cases: [{ rate: 0.3, block: 2 }],
  ships: { timm: 'DropBlock2d' },
  unverified: 'a block may stick out at the border, where the paper draws its centres from the inside alone',
})
