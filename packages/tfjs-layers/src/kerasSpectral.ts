/** Keras's SpectralNormalization, for models that come from there: it writes the normalized kernel into the layer. */
import * as tf from '@tensorflow/tfjs-core'
import { initializers, type LayerVariable } from '@tensorflow/tfjs-layers'
import { NormlabError, show } from './errors.ts'
import { kernelsOf } from './kernelsOf.ts'
import type { Kwargs } from './layer.ts'
import type { Shape } from './shape.ts'
import { Wrapper } from './wrapper.ts'

const unit = (t: tf.Tensor): tf.Tensor => tf.div(t, tf.sqrt(tf.maximum(tf.sum(tf.square(t)), 1e-12)))

/**
 * A training call divides the kernel, as it is stored, by its largest singular value, and the gradient knows nothing of
 * that; inference takes the kernel as it is. `layers.spectralNormalization` normalizes at each use instead, gradient
 * included, as PyTorch does.
 */
export class KerasSpectralNormalization extends Wrapper {
  static readonly className = 'SpectralNormalization'
  readonly powerIterations: number
  #kernel: LayerVariable | undefined
  #u: LayerVariable | undefined

  constructor(config: object = {}) {
    const {
      layer,
      powerIterations = 1,
      name,
      trainable,
      inputShape,
      batchInputShape,
    } = config as Record<string, unknown>
    const given = Object.entries({ name, trainable, inputShape, batchInputShape })
    super(Object.fromEntries(given.filter(([, value]) => value !== undefined)), layer)
    if (!(Number.isInteger(powerIterations) && (powerIterations as number) > 0))
      throw new NormlabError('powerIterations', show(powerIterations), 'Give a positive integer')
    this.powerIterations = powerIterations as number
  }

  override build(inputShape: Shape | Shape[]): void {
    super.build(inputShape)
    this.#kernel = kernelsOf(this.layer, undefined)[0].variable
    const initializer = initializers.truncatedNormal({ mean: 0, stddev: 0.02 })
    const length = this.#kernel.shape.at(-1)!
    this.#u = this.addWeight('vector_u', [1, length], 'float32', initializer, undefined, false)
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs = {}): tf.Tensor | tf.Tensor[] {
    this.invokeCallHook(inputs, kwargs)
    if (kwargs.training && this.trainable) tf.tidy(() => this.#project())
    return this.layer.call(inputs, kwargs)
  }

  #project(): void {
    const [kernel, state] = [this.#kernel!, this.#u!]
    const w = kernel.read()
    const flat = tf.reshape(w, [-1, w.shape.at(-1)!]) as tf.Tensor2D
    let u = state.read() as tf.Tensor2D
    let v = u
    for (let i = 0; i < this.powerIterations; i++) {
      v = unit(tf.matMul(u, flat, false, true)) as tf.Tensor2D
      u = unit(tf.matMul(v, flat)) as tf.Tensor2D
    }
    const sigma = tf.sum(tf.mul(tf.matMul(v, flat), u))
    // A kernel of zeros stays.
    if (sigma.dataSync()[0] === 0) return
    state.write(u)
    kernel.write(tf.div(w, sigma))
  }

  override getConfig() {
    return { ...super.getConfig(), powerIterations: this.powerIterations }
  }
}
