/** Keras's MultiHeadAttention; keras/src/layers/attention/multi_head_attention.py. */
import * as tf from '@tensorflow/tfjs-core'
import { NormlabError, show } from '../../errors.ts'
import type { Shape } from '../../shape.ts'
import type { Config } from '../json.ts'
import type { Kind } from './composite.ts'

function sizesOf(config: Config, shape: Shape) {
  const heads = config.numHeads as number
  const keys = config.keyDim as number
  const values = (config.valueDim as number | null) ?? keys
  const output = [config.outputShape ?? shape.at(-1)!].flat() as number[]
  return { heads, keys, values, output, bias: config.useBias !== false }
}

/** Refuses what is not here. @throws NormlabError naming the argument. */
export function checkAttention(config: Config, name: string): void {
  const refuse = (key: string) => {
    throw new NormlabError(
      `${name}.${key}`,
      show(config[key]),
      'Attention over one axis, without gate and window',
    )
  }
  const axes = config.attentionAxes as number[] | null | undefined
  if (axes && String(axes) !== '1') refuse('attentionAxes')
  for (const key of ['useGate', 'slidingWindow', 'flashAttention']) if (config[key]) refuse(key)
}

/** [query, value, key?], each [n, t, c] -> [n, t, c]. Of the mask, keys that are masked get no weight. */
export const multiHeadAttention: Kind = {
  masks: true,
  weights(config, shapes) {
    const { heads, keys, values, output, bias } = sizesOf(config, shapes[0])
    const dense = (name: string, shape: number[], biased: number[]) => {
      const kernel = [`${name}/vars/0`, shape] as const
      return bias ? [kernel, [`${name}/vars/1`, biased] as const] : [kernel]
    }
    const [query, value, key] = [shapes[0], shapes[1] ?? shapes[0], shapes[2] ?? shapes[1] ?? shapes[0]]
    return [
      ...dense('query_dense', [query.at(-1)!, heads, keys], [heads, keys]),
      ...dense('key_dense', [key.at(-1)!, heads, keys], [heads, keys]),
      ...dense('value_dense', [value.at(-1)!, heads, values], [heads, values]),
      ...dense('output_dense', [heads, values, ...output], output),
    ]
  },
  outputShape(config, [shape]) {
    return [...shape.slice(0, -1), ...sizesOf(config, shape).output]
  },
  call(inputs, weights, config, { training, mask }) {
    const [q, v, k] = [inputs[0], inputs[1] ?? inputs[0], inputs[2] ?? inputs[1] ?? inputs[0]]
    const { heads, keys, values, output, bias } = sizesOf(config, q.shape)
    const each = bias ? 2 : 1
    // [n, t, c] -> [n, heads, t, size]
    const project = (x: tf.Tensor, at: number, size: number) => {
      const [n, t, c] = x.shape
      const flat = tf.matMul(tf.reshape(x, [n * t, c]), tf.reshape(weights[at], [c, heads * size]))
      const full = bias ? tf.add(flat, tf.reshape(weights[at + 1], [heads * size])) : flat
      return tf.transpose(tf.reshape(full, [n, t, heads, size]), [0, 2, 1, 3])
    }
    const query = tf.mul(project(q, 0, keys), 1 / Math.sqrt(keys))
    const scores = tf.matMul(query, project(k, each, keys), false, true)
    const [t, s] = [q.shape[1]!, k.shape[1]!]
    let keep: tf.Tensor | undefined
    // Self-attention: the mask of the query is that of the keys. A query that is masked attends to all alike.
    if (mask && inputs.every((input) => input === q)) {
      const own = tf.cast(mask, 'float32')
      keep = tf.mul(tf.reshape(own, [-1, 1, t, 1]), tf.reshape(own, [-1, 1, 1, s]))
    }
    if (config.useCausalMask) {
      const causal = tf.linalg.bandPart(tf.ones([t, s]), -1, 0)
      keep = keep ? tf.mul(keep, causal) : causal
    }
    const masked = keep ? tf.add(scores, tf.mul(tf.sub(1, keep), -1e9)) : scores
    const rate = config.dropout as number
    const soft = tf.softmax(masked)
    const shares = training && rate > 0 ? tf.dropout(soft, rate) : soft
    const joined = tf.transpose(tf.matMul(shares, project(v, 2 * each, values)), [0, 2, 1, 3])
    const [kernel, shift] = weights.slice(3 * each)
    const width = output.reduce((a, b) => a * b, 1)
    const y = tf.matMul(tf.reshape(joined, [-1, heads * values]), tf.reshape(kernel, [heads * values, width]))
    return tf.reshape(shift ? tf.add(y, tf.reshape(shift, [width])) : y, [...q.shape.slice(0, -1), ...output])
  },
}

/** Keras's Attention, of dot products: [query, value, key?], each [n, t, c]. */
export const attention: Kind = {
  weights: (config) => (config.useScale ? [['vars/0', []]] : []),
  call([q, v, k = v], [scale], config, { training }) {
    if (config.scoreMode && config.scoreMode !== 'dot')
      throw new NormlabError('score_mode', show(config.scoreMode), 'Give dot')
    const products = tf.matMul(q, k, false, true)
    const soft = tf.softmax(scale ? tf.mul(products, scale) : products)
    const rate = config.dropout as number
    return tf.matMul(training && rate > 0 ? tf.dropout(soft, rate) : soft, v)
  },
}
