import type { About } from '../about.ts'
import { noise } from '../noise.ts'
import { sigmoid } from '../standardize.ts'

/** Concrete dropout: the rate is learned through a relaxed mask. Gal, Hron & Kendall 2017, https://arxiv.org/abs/1705.07832 */
export const concreteDropout = noise({
  name: 'ConcreteDropout',
  mask: 'n s c -> n s c',
  distribution: 'uniform',
  params: { logit: { along: '', init: Math.log(1 / 9) } }, // p = 0.1; a step that trains p itself may leave (0, 1)
  options: { temperature: 0.1 },
  ranges: { temperature: [1e-3] }, // a colder mask is hard, and the rate has no gradient
  apply(t, x, u, { logit }, { temperature }) {
    const one = t.constant(1)
    const drawn = t.sub(t.log(u), t.log(t.sub(one, u)))
    const z = sigmoid(t, t.div(t.add(logit, drawn), t.constant(temperature as number)))
    return t.div(t.mul(x, t.sub(one, z)), t.sub(one, sigmoid(t, logit)))
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Gal, Hron & Kendall',
    year: 2017,
    title: 'Concrete Dropout',
    url: 'https://arxiv.org/abs/1705.07832',
  },
  when: 'Where the dropout rate itself should be learned, layer by layer.',
  formula: String.raw`y = \frac{1 - z}{1 - p} x, \quad z = \mathrm{sigmoid}\Big( \frac{1}{t} \big( \ell + \log \tfrac{u}{1 - u} \big) \Big), \quad p = \mathrm{sigmoid}(\ell)`,
  cases: [{ temperature: 0.1 }],
  unverified: 'known by its formula; the paper’s regularizer of p is left to the loss',
})
