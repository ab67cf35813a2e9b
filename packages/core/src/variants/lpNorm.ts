import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { safeDivide, safePow, safeSqrt } from '../standardize.ts'

/** Unit length in the p-norm. PyTorch contributors 2017, https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html */
export const lpNorm = norm({
  name: 'LpNorm',
  stats: 'n s c -> n s',
  options: { p: 1, epsilon: 1e-12 },
  ranges: { p: [0.1, 0, 64] }, // the sum's root, or its terms, leave float64 beyond
  apply(t, x, _params, _state, { p, epsilon }) {
    const power = p as number
    const size = t.abs(x)
    const sum = (value: typeof x) => t.sum(value, 'n s')
    let length
    if (power === 1) length = sum(size)
    else if (power === 2) length = safeSqrt(t, sum(t.mul(x, x)))
    else {
      // Powers of the size itself would overflow; what they are measured by does not change the length.
      const unit = t.stopGradient(t.mean(size, 'n s'))
      length = t.mul(unit, safePow(t, sum(t.pow(safeDivide(t, size, unit), power)), 1 / power))
    }
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
