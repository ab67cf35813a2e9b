import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { safeDivide, safePow, safeSqrt } from '../standardize.ts'

/** Unit length in the p-norm. PyTorch contributors 2017, https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html */
export const lpNorm = norm({
  name: 'LpNorm',
  stats: 'n s c -> n s',
  options: { p: 1, epsilon: 1e-12 },
  apply(t, x, _params, _state, { p, epsilon }) {
    const power = p as number
    const total = t.sum(power === 2 ? t.mul(x, x) : power === 1 ? t.abs(x) : t.pow(t.abs(x), power), 'n s')
    const length = power === 1 ? total : power === 2 ? safeSqrt(t, total) : safePow(t, total, 1 / power)
    return { y: safeDivide(t, x, t.max(t.constant(epsilon as number), length)) }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'PyTorch contributors',
    year: 2017,
    title: 'torch.nn.functional.normalize',
    url: 'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html',
  },
  when: 'Unit length in a norm other than the Euclidean one.',
  formula: String.raw`y_{nsc} = \frac{x_{nsc}}{\max\big( (\sum_{c'} |x_{nsc'}|^p)^{1/p}, \epsilon \big)}`,
  cases: [{ p: 1 }, { p: 2 }, { p: 3 }],
  ships: { torch: 'nn.functional.normalize', onnx: 'LpNormalization' },
})
