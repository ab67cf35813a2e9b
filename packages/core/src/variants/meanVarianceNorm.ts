import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { cellMoments, safeDivide, safeSqrt } from '../standardize.ts'

/** Mean-Variance Normalization: epsilon stands outside the root. ONNX contributors 2018, https://onnx.ai/onnx/operators/onnx__MeanVarianceNormalization.html */
export const meanVarianceNorm = norm({
  name: 'MeanVarianceNorm',
  stats: 'n s c -> c',
  center: true,
  scale: 'std',
  options: { epsilon: 1e-9 },
  apply(t, x, _params, _state, { epsilon }) {
    const { mean, variance } = cellMoments(t, x, 'c', 'std', true)
    const divisor = t.add(safeSqrt(t, variance), t.constant(epsilon as number))
    return { y: safeDivide(t, t.sub(x, mean), divisor) }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'ONNX contributors',
    year: 2018,
    title: 'ONNX operator MeanVarianceNormalization',
    url: 'https://onnx.ai/onnx/operators/onnx__MeanVarianceNormalization.html',
  },
  when: 'To run ONNX models that hold it, or to standardize inputs.',
  formula: String.raw`y_{nsc} = \frac{x_{nsc} - \mu_c}{\sigma_c + \epsilon}`,
  ships: { onnx: 'MeanVarianceNormalization' },
})
