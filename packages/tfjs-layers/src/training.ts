import { SymbolicTensor } from '@tensorflow/tfjs-layers'

/** True where a layer is told to train in a symbolic call: `layer.apply(symbolic, { training: true })`. */
export function bakesTraining(inputs: unknown, kwargs: unknown): boolean {
  const training = (kwargs as { training?: unknown } | undefined)?.training
  return training === true && [inputs].flat()[0] instanceof SymbolicTensor
}
