import * as tf from '@tensorflow/tfjs-core'

type Body = (
  inputs: tf.Tensor[],
  save: (tensors: tf.Tensor[]) => void,
) => { value: tf.Tensor; pull: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[] }

/**
 * tf.customGrad with plain types. The body runs off the tape. `pull` gets what was saved: saved inputs are still tied
 * to the inputs, so that a gradient of the gradient reaches them; other saved values are constants to it.
 */
export function withGradient(inputs: tf.Tensor[], body: Body): tf.Tensor {
  return tf.customGrad((...args) => {
    const { value, pull } = body(
      args.slice(0, -1) as tf.Tensor[],
      args.at(-1) as (tensors: tf.Tensor[]) => void,
    )
    return { value, gradFunc: pull as (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[] }
  })(...inputs)
}

interface Tape {
  readonly activeTape: { readonly saved: tf.Tensor[] }[] | null
  readonly kernelDepth: number
}

/**
 * The same where `pull` needs the first input, x, and the body saves others: x is handed to it first. Saving clones, and
 * on wasm a clone is a copy of the data; a reshape is none. On tensorflow a reshape is an operation, and a clone is none.
 */
export function withGradientOfFirst(inputs: tf.Tensor[], body: Body): tf.Tensor {
  const tape = tf.engine().state as unknown as Tape
  if (!tape.activeTape || tape.kernelDepth > 0) return withGradient(inputs, body)
  const clones = tf.getBackend() === 'tensorflow'
  const same = (t: tf.Tensor): tf.Tensor => (clones ? tf.clone(t) : tf.reshape(t, t.shape))
  // On the tape itself, a reshape would save its input too.
  const x = tf.keep(withGradient([inputs[0]], ([t]) => ({ value: same(t), pull: (dy) => [same(dy)] })))
  const y = withGradient(inputs, (given, save) => {
    const { value, pull } = body(given, save)
    return { value, pull: (dy, saved) => pull(dy, [x, ...saved.slice(0, -1)]) }
  })
  // What a node of the tape has saved is disposed of with the tape.
  tape.activeTape.at(-1)!.saved.push(x)
  return y
}

/** True inside a `pull` whose own gradient is asked for. */
export const onTape = (): boolean => tf.engine().state.gradientDepth > 0

/** Sums over the dimensions in which `shape` is smaller. */
export function sumTo(t: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const axes = t.shape.flatMap((size, i) => (size !== shape[i] ? [i] : []))
  return axes.length ? tf.sum(t, axes, true) : t
}

/** Reshapes where the shape differs: a reshape to the same shape still costs kernels on the tape. */
export function shaped(t: tf.Tensor, shape: readonly number[]): tf.Tensor {
  return String(t.shape) === String(shape) ? t : tf.reshape(t, [...shape])
}
