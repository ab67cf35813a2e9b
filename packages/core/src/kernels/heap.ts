/**
 * Kernel memory: one WebAssembly.Memory, in which tensors may live (`alloc`) and through which the others are streamed.
 * Growing it detaches every view: views are made anew, and scratch is asked for before them.
 */
import { product } from '../plan.ts'
import type { FloatArray, Tensor } from '../tensor.ts'
import type { Arena } from './arena.ts'
import { recycled } from './recycle.ts'
import { engine, type Memory, type Module } from './engine.ts'
import {
  instantiate,
  kernelMode,
  moduleOf,
  type Build,
  type KernelMode,
  type Kernels,
  type Source,
} from './module.ts'

const PAGE = 65536
/** A line of cache, in bytes. */
const LINE = 64
/** Address 0 stands for "none". */
const START = 1024

/** Deals out a memory. */
export interface Allocator {
  /** @returns an address that is a multiple of 16. May grow the memory, which detaches views of it. */
  alloc(bytes: number): number
  release(at: number): void
}

/** Makes a memory reach to a byte address. A quarter more than asked, so that growth, which detaches views, stays rare. */
export function reach(memory: Memory, end: number): void {
  const { byteLength } = memory.buffer
  if (end > byteLength) memory.grow(Math.ceil(Math.max(end - byteLength, byteLength / 4) / PAGE))
}

/** All that calls on ordinary arrays need: what was taken last is given back first. See blocks.ts for more. */
export class Stack implements Allocator {
  end = START
  private readonly memory: Memory
  constructor(memory: Memory) {
    this.memory = memory
  }

  alloc(bytes: number): number {
    const at = this.end
    this.end += Math.ceil(bytes / LINE) * LINE
    reach(this.memory, this.end)
    return at
  }

  release(at: number): void {
    this.end = Math.min(this.end, at)
  }
}

/** A memory in which kernels work: our own, or another module's with that module's allocator. */
export class Heap {
  readonly memory: Memory
  blocks: Allocator
  /** See `arenaOf`. */
  arena: Arena | undefined
  private readonly build: Build | undefined
  private readonly instances = new Map<Module, Kernels>()
  private readonly recent = new Map<Source, { mode: KernelMode; kernels: Kernels }>()
  /** The whole memory, as of the last `refresh`: entry i of a view lies at address 4 i, or 8 i. */
  buffer!: ArrayBuffer
  f32!: Float32Array
  f64!: Float64Array

  /** @param build that always runs here. Left out: that of the present mode. */
  constructor(memory: Memory, blocks: Allocator, build?: Build) {
    this.memory = memory
    this.blocks = blocks
    this.build = build
    this.refresh()
  }

  /** Views a memory anew that may have grown. */
  refresh(): void {
    // Growth detaches the views, but of a shared memory.
    if (this.f32?.length && this.buffer instanceof ArrayBuffer) return
    const { buffer } = this.memory
    if (this.buffer === buffer) return
    this.buffer = buffer
    this.f32 = new Float32Array(buffer)
    this.f64 = new Float64Array(buffer)
  }

  alloc(bytes: number): number {
    const at = this.blocks.alloc(bytes)
    this.refresh()
    return at
  }

  /** Kernels over this memory; undefined where the scalar ones must serve. */
  kernels(source: Source): Kernels | undefined {
    const mode = kernelMode()
    const known = this.recent.get(source)
    if (known?.mode === mode) return known.kernels
    const module = moduleOf(source, this.build)
    if (!module) return undefined
    const kernels = this.instances.get(module) ?? instantiate(module, this.memory)
    this.instances.set(module, kernels)
    this.recent.set(source, { mode, kernels })
    return kernels
  }

  /** A heap over the same memory that runs one build always. */
  sibling(build: Build): Heap {
    return new Heap(this.memory, this.blocks, build)
  }

  floats = (at: number, length: number): Float32Array => new Float32Array(this.memory.buffer, at, length)
  doubles = (at: number, length: number): Float64Array => new Float64Array(this.memory.buffer, at, length)
  integers = (at: number, length: number): Int32Array => new Int32Array(this.memory.buffer, at, length)
}

let own: Heap | undefined

/** The heap, if there is WebAssembly. */
export function theHeap(): Heap | undefined {
  if (own) return own
  const wasm = engine()
  if (!wasm) return undefined
  const memory = new wasm.Memory({ initial: 16 })
  return (own = new Heap(memory, new Stack(memory)))
}

/** Calls run on another heap from now on. */
export function moveTo(heap: Heap): void {
  own = heap
}

/** The heap on which calls run, or undefined where the scalar kernels do. */
export function callHeap(): Heap | undefined {
  const heap = kernelMode() === 'scalar' ? undefined : theHeap()
  heap?.refresh()
  return heap
}

/** Address of data that lies in kernel memory, else 0. */
export const residence = (heap: Heap, data: ArrayBufferView): number =>
  data.buffer === heap.buffer ? data.byteOffset : 0

/** An ordinary tensor that a kernel made: `free` may have its buffer. */
export class Result<D extends FloatArray = FloatArray> implements Tensor<D> {
  readonly data: D
  readonly shape: readonly number[]
  constructor(data: D, shape: readonly number[]) {
    this.data = data
    this.shape = shape
  }
}

/** A tensor in kernel memory, and where. */
export interface Placed extends Tensor<Float32Array> {
  /** @internal */ readonly address: number
}
type Place = (shape: readonly number[], size: number) => Placed | undefined
let place: Place | undefined

/** `alloc` says where results of its tensors go: who never imports it has no such tensors. */
export function placeResults(by: Place): void {
  place = by
}

/** A new float32 tensor: in kernel memory if its operands lie there, and there is room. */
export function resultOf(shape: readonly number[], resident: boolean): Result<Float32Array> | Placed {
  const size = product(shape)
  return (resident && place?.(shape, size)) || new Result(new Float32Array(recycled(size * 4)), shape.slice())
}
