import { registerKernels } from './backends/index.ts'
import { register } from './layers.ts'

register()
registerKernels()

export { NormlabError } from '@normlab/core'
export { defineLayer, layers, layerClasses, type LayerClass, type LayerOf, type Layers } from './layers.ts'
export type {
  ConfigOf,
  FactoryName,
  LayerArgs,
  LayerName,
  LayerVariant,
  Variant,
  WeightConfigOf,
  WeightVariant,
} from './config.ts'
export { PACKAGE } from './names.ts'
export * as blocks from './blockBuilders.ts'
export type { Block, Ordered, Part, Placement, Residual } from './blocks.ts'
export type { Depth } from './deepNorm.ts'
export type { AllReduce } from './synchronized.ts'
export { NormLayer } from './layer.ts'
export { NoiseLayer } from './noiseLayer.ts'
export { WeightLayer } from './weightLayer.ts'
export { TfOps } from './ops.ts'
export { ActivationRecorder } from './recorder.ts'
export type { Range, RecorderOptions } from './recorderOptions.ts'
export type { Loss, Side } from './probe.ts'
