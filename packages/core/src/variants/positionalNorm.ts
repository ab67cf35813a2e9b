import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Positional Normalization: the moments over channels at each position. Li, Wu, Weinberger & Belongie 2019, https://arxiv.org/abs/1907.04312 */
export const positionalNorm = norm({
  name: 'PositionalNorm',
  stats: 'n s c -> n s',
  center: true,
  scale: 'std',
  params: {},
  options: { epsilon: 1e-5 },
})

export const about = (): About => ({
  paper: {
    authors: 'Li, Wu, Weinberger & Belongie',
    year: 2019,
    title: 'Positional Normalization',
    url: 'https://arxiv.org/abs/1907.04312',
  },
  when: 'Generators: the statistics over channels hold structure that may be put back later.',
  cases: [{}],
  unverified: 'known by its formula; epsilon was not checked against the paper',
})
