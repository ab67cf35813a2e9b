import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Simple RMSNorm: RMSNorm without gamma. Qin, Li, Sun et al. 2023, https://arxiv.org/abs/2307.14995 */
export const simpleRmsNorm = norm({
  name: 'SimpleRMSNorm',
  stats: 'n s c -> n s',
  center: false,
  scale: 'rms',
  params: {},
  options: { epsilon: 1e-6 },
})

export const about = (): About => ({
  paper: {
    authors: 'Qin, Li, Sun et al.',
    year: 2023,
    title: 'TransNormerLLM: A Faster and Better Large Language Model with Improved TransNormer',
    url: 'https://arxiv.org/abs/2307.14995',
  },
  when: 'As RMSNorm, where not even a gain is wanted.',
  cases: [{}],
  ships: { xTransformers: 'SimpleRMSNorm' },
})
