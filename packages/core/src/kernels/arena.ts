/** Kernel memory for the length of one call. Take all of it before making views: taking may grow the memory. */
import type { Heap } from './heap.ts'

const BASE = 1 << 18

export class Arena {
  readonly heap: Heap
  private readonly base: number
  /** Bytes taken. */
  top = 0
  private readonly extra: number[] = []

  constructor(heap: Heap) {
    this.heap = heap
    this.base = heap.alloc(BASE)
  }

  /** @returns the address of `bytes` bytes, aligned for SIMD. */
  take(bytes: number): number {
    const size = Math.ceil(bytes / 64) * 64
    if (this.top + size <= BASE) {
      this.top += size
      return this.base + this.top - size
    }
    const at = this.heap.alloc(size)
    this.extra.push(at)
    return at
  }

  /** Whether some of what was taken lies elsewhere, at another address each time. */
  get spills(): boolean {
    return this.extra.length > 0
  }

  /** Gives back what was taken after `top`. */
  clear(top = 0): void {
    this.top = top
    if (!this.spills) return
    for (const at of this.extra) this.heap.blocks.release(at)
    this.extra.length = 0
  }
}

/** The heap's arena, emptied: kernels are synchronous, so one call runs at a time. */
export function arenaOf(heap: Heap): Arena {
  const arena = (heap.arena ??= new Arena(heap))
  arena.clear()
  return arena
}
