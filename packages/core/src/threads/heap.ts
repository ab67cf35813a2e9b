/** A heap that threads share, in which kernel tensors live from then on. */
import { blocksOf } from '../kernels/dealing.ts'
import { engine, type Memory } from '../kernels/engine.ts'
import { Heap, moveTo, Stack } from '../kernels/heap.ts'
import type { Build, Kernels, Source } from '../kernels/module.ts'
import type { Pool } from './pool.ts'
import { MOST_PAGES, sharedSource } from './shared.ts'

export class SharedHeap extends Heap {
  pool: Pool | undefined

  override kernels(source: Source): Kernels | undefined {
    const plain = super.kernels(sharedSource(source))
    return plain && this.pool ? this.pool.over(plain) : plain
  }

  override sibling(build: Build): Heap {
    return new SharedHeap(this.memory, this.blocks, build)
  }
}

let shared: SharedHeap | undefined

/** The shared heap, made on the first call: kernel tensors of before stay where they are, and pass through scratch. */
export function sharedHeap(): SharedHeap {
  if (!shared) {
    const memory = sharedMemory()
    shared = new SharedHeap(memory, new Stack(memory))
    blocksOf(shared)
    moveTo(shared)
  }
  return shared
}

/** What a shared memory may grow to is set aside at once: where so much address space is not to be had, less. */
function sharedMemory(): Memory {
  const make = (maximum: number) => new (engine()!.Memory)({ initial: 16, maximum, shared: true })
  try {
    return make(MOST_PAGES)
  } catch {
    return make(MOST_PAGES / 8)
  }
}
