import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { applyAffine, cellMoments, runOn, scaleFactor } from '../standardize.ts'
import { affine } from '../variant.ts'

/** Switchable Normalization: a learned mix of instance, layer and batch statistics. Luo, Ren, Peng, Zhang & Li 2018, https://arxiv.org/abs/1806.10779 */
export const switchableNorm = norm({
  name: 'SwitchableNorm',
  stats: 'n s c ->', // the mix ties every element to every other
  params: {
    ...affine('c'),
    meanInstance: { along: '', init: 1 },
    meanLayer: { along: '', init: 1 },
    meanBatch: { along: '', init: 1 },
    varianceInstance: { along: '', init: 1 },
    varianceLayer: { along: '', init: 1 },
    varianceBatch: { along: '', init: 1 },
  },
  running: 'c',
  options: { epsilon: 1e-5 },
  apply(t, x, params, state, { training, epsilon, decay }) {
    const instance = cellMoments(t, x, 'n c', 'std', true)
    const layer = cellMoments(t, x, 'n', 'std', true)
    const own = training ? cellMoments(t, x, 'c', 'std', true) : undefined
    const batch = own ?? { mean: state.mean, variance: state.variance }
    const mix = (logits: (typeof x)[], values: (typeof x)[]) => {
      const weights = logits.map((logit) => t.exp(logit))
      const total = weights.reduce((a, b) => t.add(a, b))
      return values.map((value, i) => t.mul(t.div(weights[i], total), value)).reduce((a, b) => t.add(a, b))
    }
    const mean = mix(
      [params.meanInstance, params.meanLayer, params.meanBatch],
      [instance.mean, layer.mean, batch.mean],
    )
    const variance = mix(
      [params.varianceInstance, params.varianceLayer, params.varianceBatch],
      [instance.variance, layer.variance, batch.variance],
    )
    const xhat = t.mul(t.sub(x, mean), scaleFactor(t, 'std', variance, epsilon as number))
    return {
      y: applyAffine(t, xhat, params, { params: affine('c') }),
      state: own && runOn(t, state, own, decay as number),
    }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Luo, Ren, Peng, Zhang & Li',
    year: 2018,
    title: 'Differentiable Learning-to-Normalize via Switchable Normalization',
    url: 'https://arxiv.org/abs/1806.10779',
  },
  when: 'To let learning choose between batch, layer and instance statistics.',
  formula: String.raw`y_{nsc} = \gamma_c \frac{x_{nsc} - \sum_k w_k \mu_k}{\sqrt{\sum_k w'_k \sigma_k^2 + \epsilon}} + \beta_c, \quad k \in \{\mathrm{in}, \mathrm{ln}, \mathrm{bn}\}`,
})
