import { NormlabError, show } from './errors.ts'
import { checkShape, product } from './plan.ts'

/** Data of a tensor. Float32 runs the kernels; Float64 runs the reference. */
export type FloatArray = Float32Array | Float64Array

/** An array as core takes and returns it: row-major data and its shape. */
export interface Tensor<D extends FloatArray = FloatArray> {
  readonly data: D
  readonly shape: readonly number[]
}

export const isFloats = (data: unknown): data is FloatArray =>
  data instanceof Float32Array || data instanceof Float64Array

/** Both are lists, of the same values. */
export function sameList(a: unknown, b: readonly number[]): boolean {
  if (!Array.isArray(a) || a.length !== b.length) return false
  for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** As it should be: floats of that shape, which has `length` elements. Detached data have none. */
export function isTensorOf(value: unknown, shape: readonly number[], length: number): value is Tensor {
  const { data, shape: given } = (value ?? {}) as Partial<Tensor>
  return length > 0 && isFloats(data) && data.length === length && sameList(given, shape)
}

/** Zeros, in the type of `data`. */
export const zerosLike = (data: FloatArray, length: number): FloatArray =>
  data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length)

/** In the type of x. */
export function tensorLike({ data }: Tensor, values: ArrayLike<number>, shape: readonly number[]): Tensor {
  const typed = zerosLike(data, values.length)
  typed.set(values)
  return { data: typed, shape: shape.slice() }
}

/** @throws NormlabError naming `argument` when `value` is no `{ data, shape }` of matching size. */
export function checkTensor(argument: string, value: unknown): asserts value is Tensor {
  const { data, shape } = (value ?? {}) as Partial<Tensor>
  if (!isFloats(data))
    throw new NormlabError(
      argument,
      `expected { data, shape } with float data, got ${data === undefined ? show(value) : `data ${show(data)}`}`,
      'Give a Float32Array or a Float64Array as data',
    )
  checkShape(`${argument}.shape`, shape)
  if (data.buffer instanceof ArrayBuffer && data.buffer.detached)
    throw new NormlabError(
      `${argument}.data`,
      'its buffer is detached',
      'Copy the data before its buffer is transferred or its memory grows',
    )
  if (product(shape) !== data.length)
    throw new NormlabError(
      `${argument}.shape`,
      `${show(shape)} has ${product(shape)} elements, data has ${data.length}`,
      'Make them agree',
    )
}
