/** Keras 3's `.keras` files: `@normlab/tfjs-layers/keras`. h5wasm and fflate are optional peers. */
import { serialization } from '@tensorflow/tfjs-core'
import { KerasSpectralNormalization } from '../../kerasSpectral.ts'
import { register } from '../../layers.ts'
import { registerActivations } from './activations.ts'
import { registerBidirectional } from './bidirectional.ts'
import { registerKind } from './composite.ts'
import { registerGru } from './gru.ts'
import { kinds } from './kinds.ts'
import { operation } from './operation.ts'

register()
registerActivations()
registerGru()
registerBidirectional()
serialization.registerClass(KerasSpectralNormalization)
for (const [name, kind] of Object.entries(kinds)) registerKind(name, kind)
registerKind('Operation', operation)

export { fromKeras, type FromKerasOptions } from './fromKeras.ts'
export { toKeras, type ToKerasOptions } from './toKeras.ts'
export { GRU, GRUCell } from './gru.ts'
