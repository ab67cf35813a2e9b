/** BatchNormalization over the batches of several workers. MegDet, Peng et al. 2017, https://arxiv.org/abs/1711.07240 */
import * as tf from '@tensorflow/tfjs-core'
import { NormlabError } from './errors.ts'
import { onTape, shaped, sumTo, withGradient } from './gradient.ts'
import { reducedAxes, sizesOf, spreadOf } from './fold.ts'
import type { Problem } from './kernels/cells.ts'
import type { CellStatistics } from './kernels/composition.ts'

type T = tf.Tensor

/**
 * Adds up the arrays of all workers, entry by entry, and returns the sums. All workers call it equally often and in the
 * same order: twice in a forward pass, once in a backward pass. It waits: a worker may with Atomics.wait.
 */
export type AllReduce = (values: Float32Array) => Float32Array

/**
 * gamma (x - mean) / sqrt(variance + epsilon) + beta with statistics over all workers. The gradient with respect to x
 * goes through them, to every worker's x; those of gamma and beta are this worker's share.
 */
export function synchronized(
  allReduce: AllReduce,
  given: T,
  { gamma: g0, beta: b0 }: { readonly gamma?: T; readonly beta?: T },
  { record, dims, epsilon }: Problem,
  weights: T | undefined,
  observe?: (statistics: CellStatistics) => void,
): T {
  const x = shaped(given, sizesOf(dims))
  const axes = reducedAxes(dims)
  const lay = (name: string, t: T | undefined) => t && shaped(t, spreadOf(dims, record.params[name].along))
  const params = { gamma: lay('gamma', g0), beta: lay('beta', b0) }
  const used = (['gamma', 'beta'] as const).filter((name) => params[name])
  const size = axes.reduce((n, axis) => n * x.shape[axis], 1)
  const shape = x.shape.map((length, i) => (axes.includes(i) ? 1 : length))
  const cells = x.size / size
  const inside = (value: T): T =>
    weights ? tf.mul(tf.where(tf.greater(weights, 0), value, tf.zerosLike(value)), weights) : value
  const sum = (value: T): T => tf.sum(value, axes, true)
  const reduce = (...parts: T[]): T[] => {
    const values = Float32Array.from(parts.flatMap((part) => Array.from(part.dataSync())))
    const sums = allReduce(values)
    if (!(sums instanceof Float32Array) || sums.length !== values.length)
      throw new NormlabError(
        'allReduce',
        `it returned ${sums?.length ?? typeof sums} values for ${values.length}`,
        'Return a Float32Array of the same length',
      )
    return parts.map((_, i) => tf.tensor(sums.slice(i * cells, (i + 1) * cells), shape))
  }
  const y = withGradient([x, ...used.map((name) => params[name]!)], ([input, ...rest], save) => {
    const gamma = params.gamma && rest[0]
    const beta = params.beta && rest.at(-1)
    const own = weights ? sum(weights) : tf.fill(shape, size)
    const [total, first] = reduce(own, sum(inside(input)))
    const count = tf.maximum(total, 1e-7)
    const mean = tf.div(first, count)
    const d = tf.sub(input, mean)
    // Around the common mean nothing cancels.
    const variance = tf.div(reduce(sum(inside(tf.square(d))))[0], count)
    observe?.({ mean, variance, total })
    const rstd = tf.rsqrt(tf.add(variance, epsilon))
    const xhat = tf.mul(d, rstd)
    const scaled = gamma ? tf.mul(xhat, gamma) : xhat
    save([xhat, rstd, count, ...(gamma ? [gamma] : [])])
    return {
      value: beta ? tf.add(scaled, beta) : scaled,
      pull(dy, [h, r, n, g]) {
        if (onTape())
          throw new NormlabError(
            'allReduce',
            'the gradient of a synchronized gradient is asked for',
            'Take first-order gradients alone',
          )
        const dxhat = g ? tf.mul(dy, g) : dy
        const [all, along] = reduce(sum(dxhat), sum(tf.mul(dxhat, h)))
        const off = tf.div(tf.add(all, tf.mul(h, along)), n)
        const dx = tf.mul(tf.sub(dxhat, weights ? tf.mul(off, weights) : off), r)
        return [
          dx,
          ...(params.gamma ? [sumTo(tf.mul(dy, h), params.gamma.shape)] : []),
          ...(params.beta ? [sumTo(dy, params.beta.shape)] : []),
        ]
      },
    }
  })
  return shaped(y, given.shape)
}
