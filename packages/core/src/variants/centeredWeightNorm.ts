import type { About } from '../about.ts'
import { norm } from '../norm.ts'
import { gain } from '../variant.ts'

/** Centered Weight Normalization. Huang, Liu, Liu, Lang & Tao 2017, https://openaccess.thecvf.com/content_iccv_2017/html/Huang_Centered_Weight_Normalization_ICCV_2017_paper.html */
export const centeredWeightNorm = norm({
  name: 'CenteredWeightNorm',
  stats: 'o i -> o',
  center: true,
  scale: 'l2',
  params: gain('o'),
  options: { epsilon: 0 },
})

export const about = (): About => ({
  paper: {
    authors: 'Huang, Liu, Liu, Lang & Tao',
    year: 2017,
    title: 'Centered Weight Normalization in Accelerating Training of Deep Neural Networks',
    url: 'https://openaccess.thecvf.com/content_iccv_2017/html/Huang_Centered_Weight_Normalization_ICCV_2017_paper.html',
  },
  when: 'Weight normalization whose outputs should also be centred.',
  cases: [{}],
  unverified: 'known by its formula; not checked against the paper',
})
