/** Keras's Bidirectional: masked steps of a sequence come out as 0; TensorFlow.js repeats the step before. */
import * as tf from '@tensorflow/tfjs-core'
import { layers as stock } from '@tensorflow/tfjs-layers'
import { autoName, PACKAGE } from '../../names.ts'

type Args = Parameters<typeof stock.bidirectional>[0]
type Wrapped = ReturnType<typeof stock.bidirectional>
type Kwargs = Parameters<stock.Layer['call']>[1]

// The class is not exported, and wants a layer to wrap.
const probe = stock.simpleRNN({ units: 1, recurrentInitializer: 'zeros' }) as unknown as Args['layer']
const Stock = stock.bidirectional({ layer: probe, mergeMode: 'concat' }).constructor as new (
  args: Args,
) => Wrapped

export class Bidirectional extends Stock {
  static readonly className = `${PACKAGE}>Bidirectional`
  constructor(args: Args) {
    super(args)
    if ((args as { name?: string }).name === undefined)
      this.name = autoName(this.name, Bidirectional.className)
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const y = super.call(inputs, kwargs)
      const { mask } = kwargs as { mask?: tf.Tensor | null }
      const { returnSequences, mergeMode } = this as unknown as {
        returnSequences: boolean
        mergeMode: unknown
      }
      if (!mask || !returnSequences) return y
      const outputs = [y].flat()
      const sequences = mergeMode === null || mergeMode === undefined ? 2 : 1
      const kept = tf.reshape(tf.cast(mask, 'float32'), [...outputs[0].shape.slice(0, 2), 1])
      const zeroed = outputs.map((each, i) => (i < sequences ? tf.mul(each, kept) : each))
      return Array.isArray(y) ? zeroed : zeroed[0]
    })
  }
}

export function registerBidirectional(): void {
  const register = tf.serialization.registerClass as (cls: unknown, packageName: string, name: string) => void
  register(Bidirectional, PACKAGE, 'Bidirectional')
}
