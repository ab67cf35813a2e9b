/** Activation functions of Keras 3 that TensorFlow.js lacks, or has otherwise. */
import * as tf from '@tensorflow/tfjs-core'
import { NormlabError, show } from '../../errors.ts'
import { PACKAGE } from '../../names.ts'
import { camel, snake } from '../json.ts'

type Apply = (x: tf.Tensor) => tf.Tensor

const hardSigmoid: Apply = (x) => tf.clipByValue(tf.add(tf.div(x, 6), 0.5), 0, 1)
/** Keras's, by their names in camel case. keras/src/activations/activations.py, with the defaults there. */
const functions: Readonly<Record<string, Apply>> = {
  // TensorFlow.js's is Keras 2's: 0.2 x + 0.5.
  hardSigmoid,
  hardSilu: (x) => tf.mul(x, hardSigmoid(x)),
  exponential: tf.exp,
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  celu: (x) => tf.elu(x),
  hardTanh: (x) => tf.clipByValue(x, -1, 1),
  logSigmoid: tf.logSigmoid,
  tanhShrink: (x) => tf.sub(x, tf.tanh(x)),
  softShrink: (x) => tf.sub(x, tf.clipByValue(x, -0.5, 0.5)),
  hardShrink: (x) => tf.where(tf.greater(tf.abs(x), 0.5), x, tf.zerosLike(x)),
  squareplus: (x) => tf.div(tf.add(x, tf.sqrt(tf.add(tf.square(x), 4))), 2),
}

/** Same function under the same name, or (right) TensorFlow.js's other name for it. */
const stock: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'relu relu6 elu selu linear sigmoid softplus softsign tanh softmax gelu mish'
      .split(' ')
      .map((n) => [n, n]),
  ),
  log_softmax: 'logSoftmax',
  silu: 'swish',
  swish: 'swish',
}

export function registerActivations(): void {
  for (const [name, apply] of Object.entries(functions))
    tf.serialization.registerClass(
      class extends tf.serialization.Serializable {
        static readonly className = `${PACKAGE}>${name}`
        apply(x: tf.Tensor): tf.Tensor {
          return tf.tidy(() => apply(x))
        }
        override getConfig() {
          return {}
        }
      },
      PACKAGE,
      name,
    )
}

/** @throws NormlabError naming the layer's activation. */
export function readActivation(given: unknown, layer: string): string {
  const name = given === null || given === undefined ? 'linear' : given
  if (typeof name === 'string') {
    if (stock[name]) return stock[name]
    const known = name === 'hard_swish' ? 'hardSilu' : camel(name)
    if (functions[known]) return `${PACKAGE}>${known}`
  }
  throw new NormlabError(
    `${layer}.activation`,
    show(given),
    `Use one of ${[...Object.keys(stock), ...Object.keys(functions).map(snake)].join(', ')}, or an activation layer`,
  )
}

/** Keras's name of an activation of a layer here; `old hard sigmoid` is none of Keras 3's. */
export function writeActivation(name: string): string {
  if (name.startsWith(`${PACKAGE}>`)) return snake(name.slice(PACKAGE.length + 1))
  if (name === 'hardSigmoid') return OLD_HARD_SIGMOID
  if (name === 'swish') return 'silu'
  return snake(name)
}

/** clip(0.2 x + 0.5): Keras 3's hard_sigmoid of 1.2 x. */
export const OLD_HARD_SIGMOID = 'old hard sigmoid'
