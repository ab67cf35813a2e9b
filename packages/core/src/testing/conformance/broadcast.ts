/** NumPy's broadcasting, for case files that use it. */
import { NormlabError, show } from '../../errors.ts'
import { product, stridesOf } from '../../plan.ts'
import type { FloatArray, Tensor } from '../../tensor.ts'

/** For each element of `to`, the offset in `from` that NumPy would read. */
function reads(from: readonly number[], to: readonly number[]): Int32Array {
  const padded = [...to.slice(from.length).map(() => 1), ...from]
  const steps = stridesOf(padded)
  const strides = stridesOf(to)
  return Int32Array.from({ length: product(to) }, (_, i) =>
    to.reduce(
      (at, size, d) => at + (padded[d] === 1 ? 0 : (Math.floor(i / strides[d]) % size) * steps[d]),
      0,
    ),
  )
}

const made = (like: FloatArray, length: number): FloatArray =>
  like instanceof Float64Array ? new Float64Array(length) : new Float32Array(length)

export function broadcastTo(tensor: Tensor, shape: readonly number[]): Tensor {
  if (String(tensor.shape) === String(shape)) return tensor
  const padded = [...shape.slice(tensor.shape.length).map(() => 1), ...tensor.shape]
  if (padded.length !== shape.length || padded.some((size, i) => size !== 1 && size !== shape[i]))
    throw new NormlabError(
      'shape',
      `${show([...tensor.shape])} does not broadcast to ${show([...shape])}`,
      'Give a shape that does',
    )
  const data = made(tensor.data, product(shape))
  reads(tensor.shape, shape).forEach((from, to) => (data[to] = tensor.data[from]))
  return { data, shape: [...shape] }
}

/** The transpose of `broadcastTo`: sums a gradient back to `shape`. */
export function sumTo(tensor: Tensor, shape: readonly number[]): Tensor {
  if (String(tensor.shape) === String(shape)) return tensor
  const sums = new Float64Array(product(shape))
  reads(shape, tensor.shape).forEach((to, from) => (sums[to] += tensor.data[from]))
  const data = made(tensor.data, sums.length)
  data.set(sums)
  return { data, shape: [...shape] }
}

/** Without the axes of length 1 that a shape longer than `rank` begins with. */
export function shorten(tensor: Tensor, rank: number): Tensor {
  let { shape } = tensor
  while (shape.length > rank && shape[0] === 1) shape = shape.slice(1)
  return { ...tensor, shape }
}

/** x with its axes in the order `order`. */
export function transpose({ data, shape }: Tensor, order: readonly number[]): Tensor {
  const sizes = order.map((axis) => shape[axis])
  const from = stridesOf(shape)
  const to = stridesOf(sizes)
  const result = made(data, data.length)
  for (let i = 0; i < result.length; i++)
    result[i] = data[sizes.reduce((at, size, d) => at + (Math.floor(i / to[d]) % size) * from[order[d]], 0)]
  return { data: result, shape: sizes }
}
