/** `Ops` on tfjs: what a record's own forward runs on. Gradients of gradients work, since all of it is on the tape. */
import type { Ops } from '@normlab/core'
import * as tf from '@tensorflow/tfjs-core'
import { axesBut, type Folded } from './fold.ts'
import { onTape, shaped, withGradient } from './gradient.ts'

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
    return select(() => tf.logicalOr(tf.greaterEqual(a, b), tf.isNaN(a)), a, b)
  }

  greater(a: T, b: T): T {
    return constant(() => tf.cast(tf.greater(a, b), 'float32'))
  }

  where(condition: T, a: T, b: T): T {
    return select(() => tf.notEqual(condition, tf.zerosLike(condition)), a, b, condition)
  }

  abs(a: T): T {
    return tf.abs(a)
  }
  exp(a: T): T {
    return curve(a, tf.exp, (y) => y)
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
    return curve(a, tf.tanh, (y) => tf.sub(1, tf.square(y)))
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
    return this.#window(a, axis, { before, after, edge: 0, merge: tf.add })
  }

  windowMax(a: T, axis: string, before: number, after: number): T {
    return constant(() =>
      tf.mul(this.#window(a, axis, { before, after, edge: -Infinity, merge: tf.maximum }), 1),
    )
  }

  stopGradient(a: T): T {
    return constant(() => tf.mul(a, 1))
  }

  /** Along every loop of the axis in turn: the dimensions that folding made one are told apart again. */
  #window(a: T, axis: string, box: Box): T {
    let result = a
    this.#dims.forEach(({ names, sizes }, dim) => {
      if (!names.includes(axis) || a.shape[dim] === 1) return
      let inner = a.shape.slice(dim + 1).reduce((n, size) => n * size, 1)
      for (const size of sizes.toReversed()) {
        result = slide(tf.reshape(result, [-1, size, inner]), box)
        inner *= size
      }
    })
    return shaped(result, a.shape)
  }

  #over(a: T, keep: string): number[] {
    return axesBut(this.#dims, keep).filter((axis) => a.shape[axis] > 1)
  }
}

/**
 * What `make` computes, as a constant of the gradient. tfjs has no stopGradient; what a custom gradient computes from
 * no inputs is tied to nothing. Not a clone: tfjs puts clones on the tape even there.
 */
function constant(make: () => T): T {
  return withGradient([], () => ({ value: make(), pull: () => [] }))
}

/** f(a) whose slope follows from f(a). tfjs's own gradient takes f(a) for a constant, and its gradient is then wrong. */
function curve(a: T, f: (x: T) => T, slope: (y: T) => T): T {
  return withGradient([a], ([x], save) => {
    const y = f(x)
    save([x, y])
    return { value: y, pull: (dy, [u, v]) => [tf.mul(dy, slope(onTape() ? curve(u, f, slope) : v))] }
  })
}

/** Broadcasts by multiplying with ones: tf.broadcastTo tiles, and Tile's gradient launches kernels by the thousand. */
function spread(a: T, shape: readonly number[]): T {
  return String(a.shape) === String(shape) ? a : tf.mul(a, tf.ones([...shape]))
}

/**
 * `a` where the condition holds, else `b`. Unlike tf.where's gradient, 0 where not chosen, even beside NaN.
 * @param condition of a's and b's common shape, or `like`'s. It runs off the tape: comparisons have no gradient in tfjs.
 */
function select(condition: () => T, a: T, b: T, like: T = a): T {
  const shape = [like, a, b]
    .map((value) => value.shape)
    .reduce((one, other) => one.map((size, i) => (size === 1 ? other[i] : size)))
  return withGradient([spread(a, shape), spread(b, shape)], ([u, v], save) => {
    const given = condition()
    const flags = String(given.shape) === String(shape) ? given : tf.logicalAnd(given, tf.ones(shape, 'bool'))
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

interface Box {
  readonly before: number
  readonly after: number
  /** What stands beyond the ends. */
  readonly edge: number
  readonly merge: (u: T, v: T) => T
}

/** @param a [outer, size, inner]; the window runs along size. */
function slide(a: T, { before, after, edge, merge }: Box): T {
  const last = (a.shape as number[])[1] - 1
  const [left, right] = [Math.min(before, last), Math.min(after, last)]
  const padded = tf.pad(
    a,
    [
      [0, 0],
      [left, right],
      [0, 0],
    ],
    edge,
  )
  let result: T | undefined
  for (let k = 0; k <= left + right; k++) {
    const part = tf.slice(padded, [0, k, 0], a.shape)
    result = result ? merge(result, part) : part
  }
  return result!
}
