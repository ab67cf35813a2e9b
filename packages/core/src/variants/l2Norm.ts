import type { About } from '../about.ts'
import { norm } from '../norm.ts'

/** Unit length. Wang, Xiang, Cheng & Yuille 2017, https://arxiv.org/abs/1704.06369 */
export const l2Norm = norm({
  name: 'L2Norm',
  stats: 'n s c -> n s',
  center: false,
  scale: 'l2',
  params: {},
  options: { epsilon: 1e-12 },
})

export const about = (): About => ({
  paper: {
    authors: 'Wang, Xiang, Cheng & Yuille',
    year: 2017,
    title: 'NormFace: L2 Hypersphere Embedding for Face Verification',
    url: 'https://arxiv.org/abs/1704.06369',
  },
  when: 'Embeddings that are compared by angle.',
  cases: [{}],
  ships: { torch: 'nn.functional.normalize', keras: 'layers.UnitNormalization', onnx: 'LpNormalization' },
})
