import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** RMSNorm with 1 + gamma, gamma from 0. Gemma Team 2024, https://arxiv.org/abs/2403.08295 */
export const gemmaRmsNorm = norm({
  name: 'GemmaRMSNorm',
  stats: 'n s c -> n s',
  center: false,
  scale: 'rms',
  params: { gamma: { along: 'c', init: 0, plusOne: true } },
  options: { epsilon: 1e-6 },
})

export const about = (): About => ({
  paper: {
    authors: 'Gemma Team',
    year: 2024,
    title: 'Gemma: Open Models Based on Gemini Research and Technology',
    url: 'https://arxiv.org/abs/2403.08295',
  },
  when: 'To load or train models of the Gemma family: RMSNorm whose gain is stored less 1.',
  cases: [{}],
  ships: { gemma: 'RMSNorm', xTransformers: 'RMSNorm(unit_offset=True)' },
})
