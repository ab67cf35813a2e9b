/** For tests of variants, ours and other people's. */
export { runCase, runFile, type ConformanceResult } from './conformance/run.ts'
export type { ConformanceCase } from './conformance/cases.ts'
export { checkGradient, secondOrder, type GradientCheck } from './gradients.ts'
export { normals } from './random.ts'
export { trace, type Inputs } from './trace.ts'
export { greatestError, withinGreatest } from './compare.ts'
export { useKernels } from './kernels.ts'
export type { KernelMode } from '../kernels/module.ts'
