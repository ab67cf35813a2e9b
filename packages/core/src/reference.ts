/**
 * The oracle: `Ops` in float64 with reverse-mode differentiation. Gradients are built from the same operations, so the
 * gradient of a gradient is exact too. It is slow and meant to be: kernels are proved equal to it.
 */
import { erf } from './erf.ts'
import type { Ops } from './ops.ts'
import { offsetsOver } from './offsets.ts'
import { product, stridesOf, type Plan } from './plan.ts'
import { sameList } from './tensor.ts'

/** A value of the tape. `shape` has the plan's rank. */
export interface Value {
  readonly data: Float64Array
  readonly shape: readonly number[]
  readonly parents: readonly Value[]
  /** From the gradient at this value to the gradient at each parent; null where there is none. */
  readonly pull: ((dy: Value) => (Value | null)[]) | null
}

export class Reference implements Ops<Value> {
  readonly #names: readonly { axis: string; name: string }[]
  /** Values that passed `stopGradient`, in order. Give them back as `replay` to hold them fixed. */
  readonly stopped: Float64Array[] = []
  readonly #replay: readonly Float64Array[] | undefined

  constructor(dims: Plan['dims'], replay?: readonly Float64Array[]) {
    this.#names = dims
    this.#replay = replay
  }

  /** A leaf: data in x's memory order, `shape` of the plan's rank. */
  leaf(data: ArrayLike<number>, shape: readonly number[]): Value {
    return { data: new Float64Array(data), shape, parents: [], pull: null }
  }

  constant(value: number): Value {
    return this.leaf(
      [value],
      this.#names.map(() => 1),
    )
  }

  add(a: Value, b: Value): Value {
    return this.#binary(
      a,
      b,
      (u, v) => u + v,
      (dy) => [dy, dy],
    )
  }

  sub(a: Value, b: Value): Value {
    return this.#binary(
      a,
      b,
      (u, v) => u - v,
      (dy) => [dy, this.#negate(dy)],
    )
  }

  mul(a: Value, b: Value): Value {
    return this.#binary(
      a,
      b,
      (u, v) => u * v,
      (dy) => [this.mul(dy, b), this.mul(dy, a)],
    )
  }

  div(a: Value, b: Value): Value {
    return this.#binary(
      a,
      b,
      (u, v) => u / v,
      (dy) => [this.div(dy, b), this.#negate(this.div(this.mul(dy, a), this.mul(b, b)))],
    )
  }

  max(a: Value, b: Value): Value {
    return this.#binary(a, b, Math.max, (dy) => {
      const ofB = this.mul(dy, this.greater(b, a))
      return [this.sub(dy, ofB), ofB]
    })
  }

  greater(a: Value, b: Value): Value {
    return this.#binary(a, b, (u, v) => (u > v ? 1 : 0), null)
  }

  where(condition: Value, a: Value, b: Value): Value {
    const shape = broadcast(broadcast(condition.shape, a.shape), b.shape)
    const data = this.#each(shape, (u, v, flag) => (flag === 0 ? v : u), a, b, condition)
    const zero = this.constant(0)
    const pull = (dy: Value) => [
      null,
      this.#sumTo(this.where(condition, dy, zero), a.shape),
      this.#sumTo(this.where(condition, zero, dy), b.shape),
    ]
    return { data, shape, parents: [condition, a, b], pull }
  }

  abs(a: Value): Value {
    return this.#unary(a, Math.abs, (dy) => this.mul(dy, this.leaf(a.data.map(Math.sign), a.shape)))
  }

  exp(a: Value): Value {
    return this.#unary(a, Math.exp, (dy, y) => this.mul(dy, y))
  }

  log(a: Value): Value {
    return this.#unary(a, Math.log, (dy) => this.div(dy, a))
  }

  sqrt(a: Value): Value {
    return this.#unary(a, Math.sqrt, (dy, y) => this.div(this.mul(dy, this.constant(0.5)), y))
  }

  pow(a: Value, exponent: number): Value {
    return this.#unary(
      a,
      (u) => u ** exponent,
      (dy) => this.mul(this.mul(dy, this.constant(exponent)), this.pow(a, exponent - 1)),
    )
  }

  tanh(a: Value): Value {
    return this.#unary(a, Math.tanh, (dy, y) => this.mul(dy, this.sub(this.constant(1), this.mul(y, y))))
  }

  erf(a: Value): Value {
    return this.#unary(a, erf, (dy) =>
      this.mul(this.mul(dy, this.constant(2 / Math.sqrt(Math.PI))), this.exp(this.#negate(this.mul(a, a)))),
    )
  }

  sum(a: Value, keep: string): Value {
    return this.#sumTo(a, this.#kept(a.shape, keep))
  }

  mean(a: Value, keep: string): Value {
    return this.div(this.sum(a, keep), this.constant(this.count(a, keep)))
  }

  count(a: Value, keep: string): number {
    return a.data.length / product(this.#kept(a.shape, keep))
  }

  windowSum(a: Value, axis: string, before: number, after: number): Value {
    const data = this.#window(a, axis, before, after, 0, (u, v) => u + v)
    return { data, shape: a.shape, parents: [a], pull: (dy) => [this.windowSum(dy, axis, after, before)] }
  }

  windowMax(a: Value, axis: string, before: number, after: number): Value {
    return this.leaf(this.#window(a, axis, before, after, -Infinity, Math.max), a.shape)
  }

  stopGradient(a: Value): Value {
    const data = this.#replay?.[this.stopped.length] ?? a.data
    this.stopped.push(data)
    return this.leaf(data, a.shape)
  }

  /** Gradients of <y, dy> with respect to each of `targets`. Targets that y does not depend on get zeros. */
  gradients(y: Value, dy: Value, targets: readonly Value[]): Value[] {
    const order: Value[] = []
    const seen = new Set<Value>()
    const visit = (value: Value): void => {
      if (seen.has(value)) return
      seen.add(value)
      value.parents.forEach(visit)
      order.push(value)
    }
    visit(y)
    const gradient = new Map<Value, Value>([[y, dy]])
    for (const value of order.toReversed()) {
      const at = gradient.get(value)
      if (!at || !value.pull) continue
      const pulled = value.pull(at)
      value.parents.forEach((parent, i) => {
        const part = pulled[i]
        if (!part) return
        const old = gradient.get(parent)
        gradient.set(parent, old ? this.add(old, part) : part)
      })
    }
    return targets.map(
      (target) => gradient.get(target) ?? this.leaf(new Float64Array(target.data.length), target.shape),
    )
  }

  #negate(a: Value): Value {
    return this.mul(a, this.constant(-1))
  }

  #unary(a: Value, f: (u: number) => number, pull: (dy: Value, y: Value) => Value): Value {
    const data = this.#each(a.shape, f, a)
    const y: Value = { data, shape: a.shape, parents: [a], pull: (dy) => [pull(dy, y)] }
    return y
  }

  #binary(
    a: Value,
    b: Value,
    f: (u: number, v: number) => number,
    pull: ((dy: Value) => [Value, Value]) | null,
  ): Value {
    const shape = broadcast(a.shape, b.shape)
    const data = this.#each(shape, f, a, b)
    if (!pull) return this.leaf(data, shape)
    return {
      data,
      shape,
      parents: [a, b],
      pull: (dy) => {
        const [da, db] = pull(dy)
        return [this.#sumTo(da, a.shape), this.#sumTo(db, b.shape)]
      },
    }
  }

  /** f of the values at each index of `shape`, to which they broadcast. */
  #each(
    shape: readonly number[],
    f: (u: number, v: number, w: number) => number,
    a: Value,
    b = a,
    c = a,
  ): Float64Array {
    const data = new Float64Array(product(shape))
    const [u, v, w] = [a, b, c].map((value) => value.data)
    const [atU, atV, atW] = [a, b, c].map((value) => this.#reads(value.shape, shape))
    for (let i = 0; i < data.length; i++)
      data[i] = f(u[atU ? atU[i] : i], v[atV ? atV[i] : i], w[atW ? atW[i] : i])
    return data
  }

  /** For each element of an array of shape `to`, the offset in one of shape `from`, whose sizes are the same or 1; null for its own. */
  #reads(from: readonly number[], to: readonly number[]): Int32Array | null {
    if (sameList(from, to)) return null
    return offsetsOver(
      to,
      stridesOf(from).map((stride, i) => (from[i] === 1 ? 0 : stride)),
    )
  }

  /** Sums over every dimension in which `shape` is smaller. */
  #sumTo(a: Value, shape: readonly number[]): Value {
    const at = this.#reads(shape, a.shape)
    if (!at) return a
    const data = new Float64Array(product(shape))
    const rest = new Float64Array(data.length)
    // Neumaier's summation: the oracle's sums must not be the largest error of a comparison.
    for (let i = 0; i < at.length; i++) {
      const value = a.data[i]
      const old = data[at[i]]
      const sum = old + value
      if (Number.isFinite(sum))
        rest[at[i]] += Math.abs(old) >= Math.abs(value) ? old - sum + value : value - sum + old
      data[at[i]] = sum
    }
    for (let i = 0; i < data.length; i++) if (Number.isFinite(data[i])) data[i] += rest[i]
    return { data, shape, parents: [a], pull: (dy) => [this.#expand(dy, a.shape)] }
  }

  #expand(a: Value, shape: readonly number[]): Value {
    const data = this.#each(shape, (u) => u, a)
    return { data, shape, parents: [a], pull: (dy) => [this.#sumTo(dy, a.shape)] }
  }

  #kept(shape: readonly number[], keep: string): number[] {
    const names = keep.split(/\s+/).filter(Boolean)
    return shape.map((size, i) =>
      names.includes(this.#names[i].name) || names.includes(this.#names[i].axis) ? size : 1,
    )
  }

  /** Along every loop of the axis in turn: windows over several axes are boxes. */
  #window(
    a: Value,
    axis: string,
    before: number,
    after: number,
    start: number,
    f: (u: number, v: number) => number,
  ): Float64Array {
    const strides = stridesOf(a.shape)
    let data = a.data
    this.#names.forEach((name, dim) => {
      if (name.axis !== axis && name.name !== axis) return
      const size = a.shape[dim]
      const from = data
      data = from.map((_, i) => {
        const index = Math.floor(i / strides[dim]) % size
        let result = start
        for (let k = Math.max(0, index - before); k <= Math.min(size - 1, index + after); k++)
          result = f(result, from[i + (k - index) * strides[dim]])
        return result
      })
    })
    return data
  }
}

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  return a.map((size, i) => (size === 1 ? b[i] : size))
}
