/** Changes to trained models: `@normlab/tfjs-layers/surgery`. */
import { register } from '../layers.ts'

register()

export { foldNormalization, type Folding } from './foldNormalization.ts'
export { recalibrate, type Recalibrated, type RecalibrateOptions } from './recalibrate.ts'
export type { Batch, Batches } from './batches.ts'
