/** Arrays outside kernel memory pass through scratch, piece by piece; those inside are used where they lie. */
import type { Arena } from './arena.ts'
import { residence, Result, type Heap, type Placed } from './heap.ts'

/** Elements of scratch an array: small enough to stay in the first-level cache, two or three at a time. */
const CHUNK = 4096

/** An array as it lies when the call begins: growth of the memory detaches a view of it, but moves nothing. */
export interface Source {
  readonly data: Float32Array
  readonly resident: number
}

export const locate = (heap: Heap, data: Float32Array): Source => ({ data, resident: residence(heap, data) })

const NONE = new Float32Array(0)

/** Of a result: one in kernel memory is not asked for a view that nobody may want. */
export const locateResult = (y: Result<Float32Array> | Placed): Source =>
  y instanceof Result ? { data: y.data, resident: 0 } : { data: NONE, resident: y.address }

/** Its data, of `length` elements, when the memory may have grown since. */
export const viewOf = (heap: Heap, { data, resident }: Source, length: number): Float32Array =>
  resident ? heap.floats(resident, length) : data

export class Stream {
  readonly resident: number
  private readonly data: Float32Array
  private readonly heap: Heap
  private readonly scratch: number
  private readonly room: number

  /** @param unit elements that must lie together. */
  constructor(arena: Arena, { data, resident }: Source, unit: number) {
    this.heap = arena.heap
    this.data = data
    this.resident = resident
    this.room = Math.max(CHUNK, unit)
    this.scratch = this.resident ? 0 : arena.take(this.room * 4)
  }

  /** Address of `length` elements from `from` on, as they are. */
  input(from: number, length: number): number {
    if (this.resident) return this.resident + from * 4
    const { data } = this
    this.heap.f32.set(length === data.length ? data : data.subarray(from, from + length), this.scratch / 4)
    return this.scratch
  }

  /** Where to write `length` elements from `from` on; `commit` brings them home. */
  output(from: number): number {
    return this.resident ? this.resident + from * 4 : this.scratch
  }

  commit(from: number, length: number): void {
    if (!this.resident) this.data.set(this.heap.floats(this.scratch, length), from)
  }
}

/** Units that one step may take: all where every array is resident. */
export function stride(streams: readonly Stream[], units: number, unit: number): number {
  for (const stream of streams) if (!stream.resident) return Math.max(1, Math.floor(CHUNK / unit))
  return units
}
