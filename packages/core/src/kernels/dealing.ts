/** A heap of our own whose memory is dealt out in blocks, given back in any order: for tensors that live there. */
import { Blocks } from './blocks.ts'
import { reach, Stack, type Heap } from './heap.ts'

/** @returns the heap's blocks, which from now on take the place of its stack. */
export function blocksOf(heap: Heap): Blocks {
  const { blocks, memory } = heap
  if (blocks instanceof Blocks) return blocks
  heap.arena?.clear()
  return (heap.blocks = new Blocks((blocks as Stack).end, (end) => reach(memory, end)))
}
