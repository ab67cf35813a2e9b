/** A stateful recurrent layer keeps the states of every training call for a gradient, and never lets go of them. */
import * as tf from '@tensorflow/tfjs-core'
import { layers, type RNN } from '@tensorflow/tfjs-layers'

interface Stateful {
  keptStates?: tf.Tensor[][]
}
type Reset = (this: Stateful, states?: tf.Tensor | tf.Tensor[], training?: boolean) => void

/**
 * Old states go with the gradient that they were kept for, and at once where there is none.
 * https://github.com/tensorflow/tfjs/issues/7983
 * @returns undoes it.
 */
export function keepOnTapeOnly(): () => void {
  const named = { name: 'normlab_probe', units: 1, filters: 1, kernelSize: 1 }
  const parents = [layers.simpleRNN(named), layers.convLstm2d(named)].map((layer) => parentOf(layer as RNN))
  const prototypes = [...new Set(parents)]
  const before = prototypes.map((prototype) => prototype.resetStates)
  const tapes = new WeakMap<Stateful, unknown>()
  for (const prototype of prototypes) {
    const reset = prototype.resetStates
    prototype.resetStates = function (states, training = false) {
      const { gradientDepth, activeTape } = tf.engine().state
      const tape = gradientDepth > 0 ? activeTape : undefined
      if (this.keptStates && tapes.get(this) !== tape) {
        tf.dispose(this.keptStates)
        this.keptStates = []
      }
      tapes.set(this, tape)
      reset.call(this, states, training && tape !== undefined)
    }
  }
  return () => prototypes.forEach((prototype, i) => (prototype.resetStates = before[i]))
}

/** The prototype that has `resetStates` itself. */
function parentOf(layer: object): { resetStates: Reset } {
  let prototype = Object.getPrototypeOf(layer) as object
  while (!Object.hasOwn(prototype, 'resetStates')) prototype = Object.getPrototypeOf(prototype) as object
  return prototype as { resetStates: Reset }
}
