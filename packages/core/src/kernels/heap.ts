/**
 * Kernel memory: one WebAssembly.Memory, in which tensors may live (`alloc`) and through which the others are streamed.
 * Growing it detaches every view: `data` of a kernel tensor is a getter that views anew, and scratch is asked for first.
 */
import { product } from '../plan.ts'
import type { Tensor } from '../tensor.ts'
import { Blocks } from './blocks.ts'
import { recycle, recycled } from './recycle.ts'
import { engine, type Memory, type Module } from './engine.ts'
import { instantiate, kernelMode, moduleOf, type Build, type Kernels, type Source } from './module.ts'

const PAGE = 65536
/** Address 0 stands for "none". */
const START = 1024

/** Deals out a memory. `used` counts the bytes dealt out. */
export interface Allocator {
  readonly used: number
  /** @returns an address that is a multiple of 16. May grow the memory, which detaches views of it. */
  alloc(bytes: number): number
  release(at: number): void
}

/** A memory in which kernels work: our own, or another module's with that module's allocator. */
export class Heap {
  readonly memory: Memory
  readonly blocks: Allocator
  private readonly instances = new Map<Module, Kernels>()
  private readonly build: Build | undefined

  /** @param build that always runs here. Left out: that of the present mode. */
  constructor(memory: Memory, blocks: Allocator, build?: Build) {
    this.memory = memory
    this.blocks = blocks
    this.build = build
  }

  /** Kernels over this memory; undefined where the scalar ones must serve. */
  kernels(source: Source): Kernels | undefined {
    const module = moduleOf(source, this.build)
    if (!module) return undefined
    const known = this.instances.get(module) ?? instantiate(module, this.memory)
    this.instances.set(module, known)
    return known
  }

  floats = (at: number, length: number): Float32Array => new Float32Array(this.memory.buffer, at, length)
  doubles = (at: number, length: number): Float64Array => new Float64Array(this.memory.buffer, at, length)
  integers = (at: number, length: number): Int32Array => new Int32Array(this.memory.buffer, at, length)
}

let own: Heap | undefined

/** The heap, if there is WebAssembly. */
export function theHeap(): Heap | undefined {
  const wasm = engine()
  if (own || !wasm) return own
  const memory = new wasm.Memory({ initial: 16 })
  const blocks = new Blocks(START, (end) => {
    const missing = end - memory.buffer.byteLength
    // A quarter more than asked, so that growth, which detaches views, stays rare.
    if (missing > 0) memory.grow(Math.ceil(Math.max(missing, memory.buffer.byteLength / 4) / PAGE))
  })
  return (own = new Heap(memory, blocks))
}

/** The heap on which calls run, or undefined where the scalar kernels do. */
export const callHeap = (): Heap | undefined => (kernelMode() === 'scalar' ? undefined : theHeap())

/** Address of data that lies in kernel memory, else 0. */
export const residence = (heap: Heap, data: ArrayBufferView): number =>
  data.buffer === heap.memory.buffer ? data.byteOffset : 0

/** A tensor in kernel memory. */
export interface KernelTensor extends Tensor<Float32Array> {
  /** A view of kernel memory. Ask for it anew after any other call: growth detaches views. Empty once freed. */
  readonly data: Float32Array
}
/** Ordinary tensors that kernels made. */
const results = new WeakSet<Tensor>()
const owners =
  typeof FinalizationRegistry === 'undefined' ? undefined : new FinalizationRegistry<number>(release)

function release(at: number): void {
  own?.blocks.release(at)
}

/**
 * A tensor of zeros in kernel memory, which kernels read and write without a copy. `free` it when it is done with; a
 * tensor that is collected as garbage is freed as well, but not before the running task ends.
 * Without WebAssembly it is an ordinary tensor.
 */
export function alloc(shape: readonly number[]): KernelTensor {
  const tensor = place(shape)
  tensor.data.fill(0)
  return tensor
}

/** Results that nobody frees stay in kernel memory up to this size; after that they are ordinary arrays. */
const BUDGET = 1 << 29

/** Where a result goes: to kernel memory if its operands lie there, and there is room. */
export function resultOf(shape: readonly number[], resident: boolean): Tensor<Float32Array> {
  const length = product(shape)
  if (resident && theHeap()!.blocks.used + length * 4 <= BUDGET) return place(shape)
  const tensor = { data: new Float32Array(recycled(length * 4)), shape: [...shape] }
  results.add(tensor)
  return tensor
}

/** Who has only a view still has the tensor: its memory is not given away. */
const keepers = new WeakMap<Float32Array, KernelTensor>()

class Resident implements KernelTensor {
  readonly shape: readonly number[]
  readonly #heap: Heap
  readonly #length: number
  #at: number
  #view: Float32Array

  constructor(heap: Heap, shape: readonly number[], length: number) {
    this.shape = [...shape]
    this.#heap = heap
    this.#length = length
    this.#at = heap.blocks.alloc(length * 4)
    this.#view = heap.floats(this.#at, length)
    keepers.set(this.#view, this)
    owners?.register(this, this.#at, this)
  }

  get data(): Float32Array {
    if (this.#at && this.#view.buffer !== this.#heap.memory.buffer) {
      this.#view = this.#heap.floats(this.#at, this.#length)
      keepers.set(this.#view, this)
    }
    return this.#view
  }

  free(): void {
    if (!this.#at) return
    owners?.unregister(this)
    release(this.#at)
    this.#at = 0
    this.#view = new Float32Array(0)
  }
}

/** As `alloc`, with whatever lay there before. */
function place(shape: readonly number[]): KernelTensor {
  const length = product(shape)
  const heap = theHeap()
  return heap ? new Resident(heap, shape, length) : { data: new Float32Array(length), shape: [...shape] }
}

/** Makes room for `bytes` more at once, so that `alloc` and calls within it detach no view. */
export function reserve(bytes: number): void {
  const blocks = theHeap()?.blocks
  blocks?.release(blocks.alloc(bytes))
}

/**
 * Gives back the memory of kernel tensors and of ordinary results, for results to come; `data` is empty afterwards. New
 * memory costs more than a normalization does. Arrays of one's own are left alone.
 */
export function free(...tensors: readonly Tensor[]): void {
  for (const tensor of tensors) {
    if (results.delete(tensor)) recycle(tensor.data.buffer as ArrayBuffer)
    if (tensor instanceof Resident) tensor.free()
  }
}
