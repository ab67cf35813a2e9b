export { NormlabError } from './errors.ts'
export { parsePattern, type LogicalAxis, type Pattern } from './pattern.ts'
export { planOf, type Binding, type Plan, type PlanDim } from './plan.ts'
export { cellIndex, cellOffsets, elementOffsets } from './offsets.ts'
export type { FloatArray, Tensor } from './tensor.ts'
export { emptyMoments, mergeMoments, momentsOf, varianceOf, type Moments } from './moments.ts'
export {
  histogramOf,
  summaryOf,
  type Distribution,
  type DistributionRecord,
  type Histogram,
  type Summary,
} from './distribution.ts'
