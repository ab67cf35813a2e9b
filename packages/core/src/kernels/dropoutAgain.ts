/** Dropout of another x with the mask that a call has left: for hosts, who keep it. */
import { arenaOf } from './arena.ts'
import { dropoutAgain } from './bytes.ts'
import { SCRATCH } from './dropout.ts'
import type { Heap } from './heap.ts'

/** For arrays that lie in the heap. */
export function dropoutAgainOn(
  heap: Heap,
  x: number,
  y: number,
  size: number,
  rate: number,
  mask: number,
): void {
  const scratch = arenaOf(heap).take(SCRATCH)
  heap.kernels(dropoutAgain)!.dropoutAgain(x, y, size, mask, 1 / (1 - rate), scratch)
}
