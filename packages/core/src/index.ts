export { NormlabError } from './errors.ts'
export { parsePattern, type LogicalAxis, type Pattern } from './pattern.ts'
export { planOf } from './brackets.ts'
export type { Binding, Plan, PlanDim } from './plan.ts'
export { cellIndex, cellOffsets, elementOffsets } from './offsets.ts'
export type { FloatArray, Tensor } from './tensor.ts'
export {
  affine,
  gain,
  type Distribution as DrawDistribution,
  type NoiseDefinition,
  type NoiseRecord,
  type NormDefinition,
  type NormRecord,
  type Param,
  type Scale,
  type Values,
} from './variant.ts'
export type { About, Case, Paper } from './about.ts'
export type { OwnCall, OwnKernel, OwnResult } from './kernels/own/kernel.ts'
export type { Ops } from './ops.ts'
export { norm } from './norm.ts'
export type { AnyNorm, GradientsOf, Norm, OptionsOf, ParamsOf } from './normTypes.ts'
export type { Saved } from './call.ts'
export { noise, type Noise, type NoiseOptions, type SavedNoise } from './noise.ts'
export type { RunningOptions, RunningState, VariantState } from './running.ts'
export { applyAffine, cellMoments, scaleFactor, standardize } from './standardize.ts'
export { randomWords, type Seed } from './random.ts'
export { conventions } from './conventions.ts'
export type { Convention, ConventionEntry } from './convention.ts'
export { foldBatchNorm, foldCentering, foldLayerNorm, type FoldedNorm, type Linear } from './fold.ts'
export { populationState } from './population.ts'
export { synchronized, type AllReduce } from './synchronized.ts'
export { emptyMoments, mergeMoments, momentsOf, varianceOf, type Moments } from './moments.ts'
export {
  histogramOf,
  summaryOf,
  type Distribution,
  type DistributionRecord,
  type Histogram,
  type LayerSeries,
  type Measure,
  type Side,
  type Summary,
} from './distribution.ts'
export { alloc, free, reserve, type KernelTensor } from './kernels/residents.ts'
export * from './variants/index.ts'
