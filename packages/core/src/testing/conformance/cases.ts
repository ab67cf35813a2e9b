/** The form of case files: `{ cases: [{ name, op, attrs, inputs, outputs, dy?, grads?, tol? }] }`. */
import { NormlabError, show } from '../../errors.ts'
import { product } from '../../plan.ts'
import type { Tensor } from '../../tensor.ts'

export interface Operand {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: string
  /** Row-major numbers, or base64 of little-endian raw data in `b64`. */
  readonly data?: unknown
  readonly b64?: string
}

export interface ConformanceCase {
  readonly name: string
  readonly op: string
  readonly attrs?: Readonly<Record<string, unknown>>
  readonly inputs: readonly Operand[]
  /** Operands too; `node_inputs` gives the order of both. */
  readonly initializers?: readonly Operand[]
  readonly outputs: readonly Operand[]
  readonly node_inputs?: readonly string[]
  readonly node_outputs?: readonly string[]
  readonly opset?: number
  readonly dy?: Operand
  /** dy is the gradient of this at y, such as `mean(exp(y))`. */
  readonly loss?: string
  readonly grads?: readonly Operand[]
  readonly second_order?: Readonly<Record<string, Operand>>
  /** Absolute tolerance. */
  readonly tol?: number
  readonly superseded?: unknown
}

declare const atob: (text: string) => string

const readers: Readonly<Record<string, [bytes: number, read: (view: DataView, at: number) => number]>> = {
  float64: [8, (view, at) => view.getFloat64(at, true)],
  double: [8, (view, at) => view.getFloat64(at, true)],
  float32: [4, (view, at) => view.getFloat32(at, true)],
  float: [4, (view, at) => view.getFloat32(at, true)],
  float16: [2, (view, at) => half(view.getUint16(at, true))],
  bfloat16: [2, (view, at) => brain(view.getUint16(at, true))],
  int64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  int32: [4, (view, at) => view.getInt32(at, true)],
  int16: [2, (view, at) => view.getInt16(at, true)],
  int8: [1, (view, at) => view.getInt8(at)],
  uint64: [8, (view, at) => Number(view.getBigUint64(at, true))],
  uint32: [4, (view, at) => view.getUint32(at, true)],
  uint16: [2, (view, at) => view.getUint16(at, true)],
  uint8: [1, (view, at) => view.getUint8(at)],
  bool: [1, (view, at) => view.getUint8(at)],
}

/** The upper half of a float32. */
const brain = (bits: number): number => new Float32Array(Uint32Array.of(bits << 16).buffer)[0]

function half(bits: number): number {
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction
          ? NaN
          : Infinity
        : (1 + fraction / 1024) * 2 ** (exponent - 15)
  return bits & 0x8000 ? -size : size
}

/** @throws NormlabError naming the operand. */
export function decode(operand: Operand): Tensor<Float64Array> {
  const { name, shape, dtype, data, b64 } = operand
  const length = product(shape)
  let values: Float64Array
  if (b64 !== undefined) {
    const reader = readers[dtype]
    if (!reader)
      throw new NormlabError(`${name}.dtype`, show(dtype), `Known: ${Object.keys(readers).join(', ')}`)
    const bytes = Uint8Array.from(atob(b64), (character) => character.charCodeAt(0))
    if (bytes.length !== length * reader[0])
      throw new NormlabError(
        `${name}.b64`,
        `${bytes.length} bytes`,
        `Give ${length * reader[0]} for ${show([...shape])} of ${dtype}`,
      )
    const view = new DataView(bytes.buffer)
    values = Float64Array.from({ length }, (_, i) => reader[1](view, i * reader[0]))
  } else values = Float64Array.from([data].flat(Infinity) as unknown[], toNumber)
  if (values.length !== length)
    throw new NormlabError(
      `${name}.data`,
      `${values.length} values`,
      `Give ${length} for shape ${show([...shape])}`,
    )
  return { data: values, shape: [...shape] }
}

function toNumber(value: unknown): number {
  if (typeof value !== 'string') return Number(value)
  const text = value.toLowerCase()
  return text.includes('inf') ? (text.startsWith('-') ? -Infinity : Infinity) : Number(value)
}
