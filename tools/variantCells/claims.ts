/** What may be claimed of a variant: each claim is tried on the numbers that its cell will use. */
import { product, sample, type SomeNorm } from './sample.ts'

export interface Claims {
  /** Normalizing again changes nothing. */
  readonly again: boolean
  /** The gradient is the slope of the forward: false where a part of it is a constant by definition. */
  readonly slope: boolean
}

export function claimsOf(norm: SomeNorm): Claims {
  const { shape, options } = sample(norm)
  const tensor = (of: (i: number) => number) => ({
    data: Float64Array.from({ length: product(shape) }, (_, i) => of(i)),
    shape,
  })
  const value = (i: number): number => Math.fround(Math.round(40 * Math.cos(i * i)) / 10 + 3)
  const x = tensor(value)
  const { y, saved } = norm.forward(x, {}, options)
  const twice = norm.forward(y, {}, options).y
  const moved = Math.max(...Array.from(twice.data, (v, i) => Math.abs(v - y.data[i])))
  const changed = Math.max(...Array.from(y.data, (v, i) => Math.abs(v - x.data[i])))

  const [dy, direction] = [tensor((i) => Math.cos(3 * i * i + 1)), tensor((i) => Math.cos(5 * i * i + 1))]
  const inner = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a, (v, i) => v * b[i]).reduce((s, v) => s + v, 0)
  const along = (h: number) =>
    inner(
      norm.forward(
        tensor((i) => value(i) + h * direction.data[i]),
        {},
        options,
      ).y.data,
      dy.data,
    )
  const { dx } = norm.backward(dy, saved)
  const slope = (along(1e-5) - along(-1e-5)) / 2e-5
  return {
    again: moved < 3e-5 && changed > 1e-3,
    slope: Math.abs(inner(dx.data, direction.data) - slope) < 3e-7,
  }
}
