import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Divisive Normalization: centred and scaled over a window of channels. Ren, Liao, Urtasun, Sinz & Zemel 2016, https://arxiv.org/abs/1611.04520 */
export const divisiveNorm = norm({
  name: 'DivisiveNorm',
  stats: null, // windows overlap: there are no cells
  options: { radius: 2, rho: 1 },
  ranges: { radius: [0, 1], rho: [0] },
  apply(t, x, _params, _state, { radius, rho }) {
    const r = radius as number
    const size = t.windowSum(t.add(t.mul(x, t.constant(0)), t.constant(1)), 'c', r, r)
    const local = (value: typeof x) => t.div(t.windowSum(value, 'c', r, r), size)
    const v = t.sub(x, local(x))
    return { y: t.div(v, t.sqrt(t.add(t.constant((rho as number) ** 2), local(t.mul(v, v))))) }
  },
})

export const about = (): About => ({
  paper: {
    authors: 'Ren, Liao, Urtasun, Sinz & Zemel',
    year: 2016,
    title: 'Normalizing the Normalizers: Comparing and Extending Network Normalization Schemes',
    url: 'https://arxiv.org/abs/1611.04520',
  },
  when: 'Where contrast to the neighbourhood matters more than the level, as in models of vision.',
  formula: String.raw`y = \frac{v}{\sqrt{\rho^2 + \overline{v^2}_{\mathrm{window}}}}, \quad v = x - \overline{x}_{\mathrm{window}}`,
  cases: [{}, { radius: 1, rho: 0.5 }],
  unverified: 'known by its formula; the window runs over channels alone, where the paper also takes space',
})
