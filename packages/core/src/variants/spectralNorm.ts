import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { safeSqrt } from '../standardize.ts'

/** Spectral Normalization: divided by the largest singular value, by power iteration. Miyato, Kataoka, Koyama & Yoshida 2018, https://arxiv.org/abs/1802.05957 */
export const spectralNorm = norm({
  name: 'SpectralNorm',
  stats: 'o i ->',
  state: { u: { along: 'o', init: 'normal' }, v: { along: 'i', init: 'normal' } },
  options: { iterations: 1, epsilon: 1e-12 },
  ranges: { iterations: [1, 1] },
  apply(t, w, _params, state, { training, iterations, epsilon }) {
    const unit = (value: typeof w) =>
      t.div(value, t.max(t.constant(epsilon as number), safeSqrt(t, t.sum(t.mul(value, value), ''))))
    let { u, v } = state
    if (training)
      for (let i = 0; i < (iterations as number); i++) {
        v = unit(t.sum(t.mul(w, u), 'i'))
        u = unit(t.sum(t.mul(w, v), 'o'))
      }
    // Both vectors are constants of the gradient.
    u = t.stopGradient(u)
    v = t.stopGradient(v)
    const sigma = t.sum(t.mul(t.mul(w, v), u), '')
    return { y: t.div(w, sigma), state: { u, v } }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Miyato, Kataoka, Koyama & Yoshida',
    year: 2018,
    title: 'Spectral Normalization for Generative Adversarial Networks',
    url: 'https://arxiv.org/abs/1802.05957',
  },
  when: 'The discriminator of a GAN, or wherever a layer must not stretch its input.',
  formula: String.raw`y = \frac{W}{u^\top W v}, \quad v \leftarrow \frac{W^\top u}{\lVert W^\top u \rVert}, \; u \leftarrow \frac{W v}{\lVert W v \rVert}`,
  cases: [{}, { iterations: 3 }],
  ships: {
    torch: 'nn.utils.spectral_norm',
    keras: 'layers.SpectralNormalization',
    flax: 'nnx.SpectralNorm',
  },
})
