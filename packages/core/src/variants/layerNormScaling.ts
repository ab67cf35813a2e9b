import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { applyAffine, cellMoments, scaleFactor } from '../standardize.ts'
import { affine } from '../variant.ts'

/** LayerNorm Scaling: divided by the root of the layer’s depth. Sun, Song, Li, Yin, Zheng & Liu 2025, https://arxiv.org/abs/2502.05795 */
export const layerNormScaling = norm({
  name: 'LayerNormScaling',
  stats: 'n s c -> n s',
  center: true,
  params: affine('c'),
  options: { epsilon: 1e-5, depth: 1 },
  ranges: { depth: [1, 1] },
  apply(t, x, params, _state, { epsilon, depth }) {
    const { mean, variance } = cellMoments(t, x, 'n s', 'std', true)
    const xhat = t.mul(t.sub(x, mean), scaleFactor(t, 'std', variance, epsilon as number))
    return {
      y: t.mul(
        applyAffine(t, xhat, params, { params: affine('c') }),
        t.constant(1 / Math.sqrt(depth as number)),
      ),
    }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Sun, Song, Li, Yin, Zheng & Liu',
    year: 2025,
    title: 'The Curse of Depth in Large Language Models',
    url: 'https://arxiv.org/abs/2502.05795',
  },
  when: 'Deep Pre-LN transformers, whose late layers would otherwise do little.',
  formula: String.raw`y_{nsc} = \frac{1}{\sqrt{\ell}} \Big( \gamma_c \frac{x_{nsc} - \mu_{ns}}{\sqrt{\sigma_{ns}^2 + \epsilon}} + \beta_c \Big)`,
  cases: [{ depth: 1 }, { depth: 4 }],
})
