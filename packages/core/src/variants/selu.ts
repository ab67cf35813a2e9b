import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Scaled Exponential Linear Unit: activations converge to mean 0 and variance 1 by themselves. Klambauer, Unterthiner, Mayr & Hochreiter 2017, https://arxiv.org/abs/1706.02515 */
export const selu = norm({
  name: 'SELU',
  stats: null,
  apply(t, x) {
    const zero = t.constant(0)
    // min(x, 0). At 0 its slope is 1, and the gradient that of the branch x <= 0, as the frameworks have it.
    const negative = t.sub(zero, t.max(t.sub(zero, x), zero))
    // The paper's constants: the fixed point of mean 0 and variance 1.
    const below = t.mul(t.constant(1.6732632423543772), t.sub(t.exp(negative), t.constant(1)))
    return { y: t.mul(t.constant(1.0507009873554805), t.where(t.greater(x, zero), x, below)) }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Klambauer, Unterthiner, Mayr & Hochreiter',
    year: 2017,
    title: 'Self-Normalizing Neural Networks',
    url: 'https://arxiv.org/abs/1706.02515',
  },
  when: 'Plain dense networks without any normalization layer.',
  formula: String.raw`y = \lambda \begin{cases} x & x > 0 \\ \alpha (e^x - 1) & x \le 0 \end{cases}`,
  ships: { torch: 'nn.SELU', keras: 'activations.selu', tfjs: 'selu' },
})
