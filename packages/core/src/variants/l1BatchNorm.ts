import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { applyAffine, cellMoments, runOn, safeDivide } from '../standardize.ts'
import { affine } from '../variant.ts'

/** L1 Batch Normalization: the mean absolute deviation in place of the standard deviation. Hoffer, Banner, Golan & Soudry 2018, https://arxiv.org/abs/1803.01814 */
export const l1BatchNorm = norm({
  name: 'L1BatchNorm',
  stats: 'n s c -> c',
  center: true,
  params: affine('c'),
  running: 'c',
  options: { epsilon: 1e-5 },
  apply(t, x, params, state, { training, epsilon, decay }) {
    const mean = training ? cellMoments(t, x, 'c', 'none', true).mean : state.mean
    const d = t.sub(x, mean)
    // For normal data this is the standard deviation.
    const deviation = training
      ? t.mul(t.constant(Math.sqrt(Math.PI / 2)), t.mean(t.abs(d), 'c'))
      : t.sqrt(state.variance)
    const y = applyAffine(t, safeDivide(t, d, t.add(deviation, t.constant(epsilon as number))), params, {
      params: affine('c'),
    })
    const now = { mean, variance: t.mul(deviation, deviation) }
    return { y, state: training ? runOn(t, state, now, decay as number) : undefined }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Hoffer, Banner, Golan & Soudry',
    year: 2018,
    title: 'Norm matters: efficient and accurate normalization schemes in deep networks',
    url: 'https://arxiv.org/abs/1803.01814',
  },
  when: 'BatchNorm in low precision: no square, no square root.',
  formula: String.raw`y_{nsc} = \gamma_c \frac{x_{nsc} - \mu_c}{\sqrt{\pi / 2} \; \overline{|x - \mu|}_c + \epsilon} + \beta_c`,
  unverified:
    'known by its formula; the place of epsilon was not checked. The running variance is the square of the divisor',
})
