/** The moving statistics of a layer: whether it has any, and what they are after one more batch. */
import type { NormRecord } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import type { CellStatistics } from './kernels/composition.ts'

/** True where `trackRunningStats` may be given: a forward of its own counts on its state. */
export const choosesTracking = ({ running, apply }: NormRecord): boolean => running !== undefined && !apply

/** @param given `trackRunningStats` of the config. */
export function tracks(record: NormRecord, given: boolean | undefined): boolean {
  if (!choosesTracking(record)) return record.state !== undefined || record.running !== undefined
  // Where each example has statistics of its own, inference needs none from training.
  return given ?? (record.stats !== null && !record.stats.split('->')[1].split(/\s+/).includes('n'))
}

/**
 * old momentum + batch (1 - momentum), averaged over the cells that share an entry.
 * Cells without weight (all of their elements masked) have no say; an entry of such cells alone stays as it is.
 * @param shape of an entry's array: x's rank, 1 where it does not vary.
 * @returns arrays of that shape. Call inside tf.tidy.
 */
export function nextMoving(
  old: { mean: tf.Tensor; variance: tf.Tensor },
  { mean, variance, total }: CellStatistics,
  shape: readonly number[],
  momentum: number,
  kind: 'biased' | 'unbiased',
): { mean: tf.Tensor; variance: tf.Tensor } {
  const over = mean.shape.flatMap((size, i) => (size !== shape[i] ? [i] : []))
  const blend = (was: tf.Tensor, cells: tf.Tensor, least: number): tf.Tensor => {
    if (typeof total === 'number') {
      if (total <= least) return was
      const batch = over.length ? tf.mean(cells, over, true) : cells
      return tf.add(tf.mul(was, momentum), tf.mul(batch, 1 - momentum))
    }
    const known = tf.cast(tf.greater(total, tf.scalar(least)), 'float32')
    const count = tf.sum(known, over, true)
    const batch = tf.div(tf.sum(tf.mul(cells, known), over, true), tf.maximum(count, 1))
    const weight = tf.mul(tf.cast(tf.greater(count, tf.scalar(0)), 'float32'), 1 - momentum)
    return tf.add(was, tf.mul(tf.sub(batch, was), weight))
  }
  const unbiased = (): tf.Tensor =>
    typeof total === 'number'
      ? tf.mul(variance, total / (total - 1))
      : tf.mul(variance, tf.div(total, tf.maximum(tf.sub(total, 1), 1e-7)))
  return {
    mean: blend(old.mean, mean, 0),
    variance: kind === 'biased' ? blend(old.variance, variance, 0) : blend(old.variance, unbiased(), 1),
  }
}
