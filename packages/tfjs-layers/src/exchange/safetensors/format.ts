/**
 * The safetensors format: the header's length in 8 bytes, the header as JSON, then the values, little endian.
 * https://github.com/huggingface/safetensors#format
 */
import { NormlabError, show } from '../../errors.ts'
import { bfloat16, float16 } from '../halves.ts'

export interface Named {
  readonly shape: readonly number[]
  readonly data: Float32Array | BigInt64Array
}

interface Entry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

export function encode(tensors: ReadonlyMap<string, Named>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  let at = 0
  // Wide ones first: each begins at a multiple of its size.
  const sorted = [...tensors].toSorted(
    ([a, x], [b, y]) => y.data.BYTES_PER_ELEMENT - x.data.BYTES_PER_ELEMENT || (a < b ? -1 : 1),
  )
  for (const [name, { data, shape }] of sorted) {
    const dtype = data instanceof Float32Array ? 'F32' : 'I64'
    header[name] = { dtype, shape: [...shape], data_offsets: [at, at + data.byteLength] } satisfies Entry
    at += data.byteLength
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const length = Math.ceil(json.length / 8) * 8
  const file = new Uint8Array(8 + length + at).fill(0x20, 8, 8 + length)
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true)
  file.set(json, 8)
  let end = 8 + length
  for (const [, { data }] of sorted) {
    file.set(bytesOf(data), end)
    end += data.byteLength
  }
  return file
}

type Decode = (bytes: Uint8Array) => Named['data']
const plain =
  (Type: new (buffer: ArrayBuffer) => ArrayLike<number | bigint>): Decode =>
  (bytes) =>
    Float32Array.from(new Type(bytes.slice().buffer) as ArrayLike<number>, Number)
const decoders: Readonly<Record<string, Decode>> = {
  F32: (bytes) => new Float32Array(bytes.slice().buffer),
  F64: plain(Float64Array),
  F16: float16,
  BF16: bfloat16,
  I64: (bytes) => new BigInt64Array(bytes.slice().buffer),
  I32: plain(Int32Array),
  I16: plain(Int16Array),
  I8: plain(Int8Array),
  U8: plain(Uint8Array),
  BOOL: plain(Uint8Array),
}

/** @throws NormlabError naming `bytes`. */
export function decode(bytes: Uint8Array): Map<string, Named> {
  const refuse = (got: string): never => {
    throw new NormlabError('bytes', got, 'Give the content of a .safetensors file')
  }
  if (!(bytes instanceof Uint8Array)) return refuse(show(bytes))
  if (bytes.length < 8) return refuse(`${bytes.length} of them`)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  if (length > bytes.length - 8)
    return refuse(`the header says ${length} bytes and there are ${bytes.length}`)
  let header: Record<string, Entry> = {}
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as typeof header
  } catch {
    refuse('the header is no JSON')
  }
  const { __metadata__: _, ...entries } = header
  return new Map(
    Object.entries(entries).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const decoder = decoders[dtype]
        if (!decoder)
          return refuse(`${name} is of type ${dtype}, and known are ${Object.keys(decoders).join(', ')}`)
        const data = decoder(bytes.subarray(8 + length + from, 8 + length + to))
        const size = shape.reduce((a, b) => a * b, 1)
        if (data.length !== size) refuse(`${name} of shape ${show(shape)} has ${data.length} values`)
        return [name, { shape, data }]
      },
    ),
  )
}
