/** Tensors that live in kernel memory: kernels read and write them without a copy. */
import { checkShape, product } from '../plan.ts'
import type { Tensor } from '../tensor.ts'
import { blocksOf } from './dealing.ts'
import { placeResults, Result, theHeap, type Heap } from './heap.ts'
import { recycle } from './recycle.ts'

/** A tensor in kernel memory. */
export interface KernelTensor extends Tensor<Float32Array> {
  /** A view of kernel memory. Ask for it anew after any other call: growth detaches views. Empty once freed. */
  readonly data: Float32Array
}

/** Addresses of tensors that may be collected, by their heap. */
const owners = new WeakMap<Heap, FinalizationRegistry<number>>()

function ownersOf(heap: Heap): FinalizationRegistry<number> | undefined {
  let registry = owners.get(heap)
  if (!registry && typeof FinalizationRegistry !== 'undefined')
    owners.set(heap, (registry = new FinalizationRegistry((at) => heap.blocks.release(at))))
  return registry
}

/** Who has only a view still has the tensor: its memory is not given away. */
const keepers = new WeakMap<Float32Array, KernelTensor>()
const GONE = new Float32Array(0)

/**
 * To have a tensor watched for its collection takes longer than to normalize a small one, and most results are freed at
 * once: of those up to SMALL elements the last few are kept here instead.
 */
const unwatched: Resident[] = []
const SMALL = 1 << 14
const FEW = 16

class Resident implements KernelTensor {
  readonly shape: readonly number[]
  readonly #heap: Heap
  readonly #length: number
  readonly #owner: FinalizationRegistry<number> | undefined
  #at: number
  #watched = false
  #view: Float32Array | undefined
  /** The heap's view of the time when ours was made: with a new one ours is detached, or too short. */
  #seen: Float32Array | undefined

  constructor(heap: Heap, shape: readonly number[], length: number, owner = ownersOf(heap)) {
    this.shape = shape.slice()
    this.#heap = heap
    this.#length = length
    this.#at = heap.alloc(length * 4)
    this.#owner = owner
    if (length > SMALL) this.#watch()
    else if (unwatched.push(this) === FEW) for (const one of unwatched.splice(0)) one.#watch()
  }

  #watch(): void {
    if (this.#at) this.#owner?.register(this, this.#at, this)
    this.#watched = true
  }

  /** @internal */
  get address(): number {
    return this.#at
  }

  get data(): Float32Array {
    const view = this.#view
    if (view?.length && this.#seen === this.#heap.f32) return view
    if (!this.#at) return GONE
    const anew = this.#heap.floats(this.#at, this.#length)
    this.#seen = this.#heap.f32
    keepers.set(anew, this)
    return (this.#view = anew)
  }

  free(): void {
    if (!this.#at) return
    if (this.#watched) this.#owner?.unregister(this)
    this.#heap.blocks.release(this.#at)
    this.#at = 0
    this.#view = undefined
  }
}

/** Results that nobody frees stay in kernel memory up to this size; after that they are ordinary arrays. */
const BUDGET = 1 << 29

/**
 * A tensor of zeros in kernel memory, which kernels read and write without a copy. `free` it when it is done with; a
 * tensor that is collected as garbage is freed as well, but not before the running task ends.
 * Without WebAssembly it is an ordinary tensor.
 */
export function alloc(shape: readonly number[]): KernelTensor {
  checkShape('shape', shape)
  const length = product(shape)
  const heap = theHeap()
  if (!heap) return { data: new Float32Array(length), shape: shape.slice() }
  const blocks = blocksOf(heap)
  placeResults((of, size) => (blocks.used + size * 4 <= BUDGET ? new Resident(heap, of, size) : undefined))
  const tensor = new Resident(heap, shape, length)
  tensor.data.fill(0)
  return tensor
}

/** Makes room for `bytes` more at once, so that `alloc` and calls within it detach no view. */
export function reserve(bytes: number): void {
  const heap = theHeap()
  if (heap) blocksOf(heap).release(heap.alloc(bytes))
}

/**
 * Gives back the memory of kernel tensors and of ordinary results, for results to come; `data` is empty afterwards. New
 * memory costs more than a normalization does. Arrays of one's own, and small ones, are left alone.
 */
export function free(...tensors: readonly Tensor[]): void {
  for (const tensor of tensors)
    if (tensor instanceof Resident) tensor.free()
    else if (tensor instanceof Result) recycle(tensor.data.buffer as ArrayBuffer)
}
