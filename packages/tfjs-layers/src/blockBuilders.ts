export { block, deepNorm, periNorm, postNorm, preNorm, sandwichNorm, stack } from './blocks.ts'
export { deepNormConstants, deepNormInitializer } from './deepNorm.ts'
