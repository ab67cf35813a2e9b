/** `Ops` on tfjs: what a record's own forward runs on. Gradients of gradients work, since all of it is on the tape. */
import type { Ops } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { axesBut, type Folded } from './fold.ts'
import { withGradient } from './gradient.ts'

type T = tf.Tensor

export class TfOps implements Ops<T> {
  readonly #dims: Folded

  constructor(dims: Folded) {
    this.#dims = dims
  }

  constant(value: number): T {
    return tf.fill(
      this.#dims.map(() => 1),
      value,
    )
  }

  add(a: T, b: T): T {
    return tf.add(a, b)
  }
  sub(a: T, b: T): T {
    return tf.sub(a, b)
  }
  mul(a: T, b: T): T {
    return tf.mul(a, b)
  }
  div(a: T, b: T): T {
    return tf.div(a, b)
  }

  // tf.maximum's gradient does not undo broadcasting.
  max(a: T, b: T): T {
    return select(tf.logicalOr(tf.greaterEqual(a, b), tf.isNaN(a)), a, b)
  }

  greater(a: T, b: T): T {
    return tf.cast(tf.greater(a, b), 'float32')
  }

  where(condition: T, a: T, b: T): T {
    return select(tf.notEqual(condition, tf.zerosLike(condition)), a, b)
  }

  abs(a: T): T {
    return tf.abs(a)
  }
  exp(a: T): T {
    return tf.exp(a)
  }
  log(a: T): T {
    return tf.log(a)
  }
  sqrt(a: T): T {
    return tf.sqrt(a)
  }
  pow(a: T, exponent: number): T {
    return tf.pow(a, exponent)
  }
  tanh(a: T): T {
    return tf.tanh(a)
  }
  erf(a: T): T {
    return tf.erf(a)
  }

  sum(a: T, keep: string): T {
    return tf.sum(a, this.#over(a, keep), true)
  }

  mean(a: T, keep: string): T {
    return tf.mean(a, this.#over(a, keep), true)
  }

  count(a: T, keep: string): number {
    return this.#over(a, keep).reduce((count, axis) => count * a.shape[axis], 1)
  }

  windowSum(a: T, axis: string, before: number, after: number): T {
    const dim = this.#dims.findIndex(({ names }) => names.includes(axis))
    return dim < 0 || a.shape[dim] === 1 ? a : slide(a, dim, before, after, 0, tf.add)
  }

  windowMax(a: T, axis: string, before: number, after: number): T {
    const dim = this.#dims.findIndex(({ names }) => names.includes(axis))
    const still = this.stopGradient(a)
    return dim < 0 || a.shape[dim] === 1 ? still : slide(still, dim, before, after, -Infinity, tf.maximum)
  }

  stopGradient(a: T): T {
    return constantCopy(a)
  }

  #over(a: T, keep: string): number[] {
    return axesBut(this.#dims, keep).filter((axis) => a.shape[axis] > 1)
  }
}

/** tfjs has no stopGradient. Not a clone: tfjs puts clones on the tape even inside a custom gradient. */
function constantCopy(a: T): T {
  return withGradient([a], ([value]) => ({
    value: tf.mul(value, 1),
    pull: (dy) => [tf.zerosLike(dy)],
  }))
}

/** Broadcasts by multiplying with ones: tf.broadcastTo tiles, and Tile's gradient launches kernels by the thousand. */
function spread(a: T, shape: readonly number[]): T {
  return String(a.shape) === String(shape) ? a : tf.mul(a, tf.ones([...shape]))
}

/** `a` where the condition holds, else `b`. Unlike tf.where's gradient, 0 where not chosen, even beside NaN. */
function select(condition: T, a: T, b: T): T {
  const shape = [condition, a, b]
    .map((value) => value.shape)
    .reduce((one, other) => one.map((size, i) => (size === 1 ? other[i] : size)))
  const flags =
    String(condition.shape) === String(shape) ? condition : tf.logicalAnd(condition, tf.ones(shape, 'bool'))
  return withGradient([spread(a, shape), spread(b, shape)], ([u, v], save) => {
    save([flags])
    return {
      value: tf.where(flags, u, v),
      pull: (dy, [chosen]) => {
        const zero = tf.zerosLike(dy)
        return [tf.where(chosen, dy, zero), tf.where(chosen, zero, dy)]
      },
    }
  })
}

function slide(a: T, axis: number, before: number, after: number, edge: number, merge: (u: T, v: T) => T): T {
  const padded = tf.pad(
    a,
    a.shape.map((_, i) => (i === axis ? [before, after] : [0, 0]) as [number, number]),
    edge,
  )
  let result: T | undefined
  for (let k = 0; k <= before + after; k++) {
    const part = tf.slice(
      padded,
      a.shape.map((_, i) => (i === axis ? k : 0)),
      a.shape,
    )
    result = result ? merge(result, part) : part
  }
  return result!
}
