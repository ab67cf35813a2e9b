import type { About } from '../about.ts'
import { noise } from '../noise.ts'

/** Zoneout: units keep their previous value. Krueger, Maharaj, Kramár et al. 2016, https://arxiv.org/abs/1606.01305 */
export const zoneout = noise({
  name: 'Zoneout',
  mask: 'n s c -> n s c',
  distribution: 'bernoulli',
  params: { previous: { along: 'n s c', init: 0, from: 'input' } },
  options: { rate: 0.1 },
  apply: (t, x, kept, { previous }) => t.where(kept, x, previous),
  infer: (t, x, { previous }, { rate }) =>
    t.add(t.mul(t.constant(1 - (rate as number)), x), t.mul(t.constant(rate as number), previous)),
})

export const about = (): About => ({
  paper: {
    authors: 'Krueger, Maharaj, Kramár et al.',
    year: 2016,
    title: 'Zoneout: Regularizing RNNs by Randomly Preserving Hidden Activations',
    url: 'https://arxiv.org/abs/1606.01305',
  },
  when: 'Recurrent networks: some units keep their old value instead of becoming 0.',
  formula: String.raw`y = m \odot x + (1 - m) \odot x_{\mathrm{previous}}`,
  cases: [{ rate: 0.3 }],
})
