/** Dropout of single elements in the kernels: the mask of `bernoulli`, drawn as it is used. */
import type { Plan } from '../plan.ts'
import { keyOf, splitThreshold, type Seed } from '../random.ts'
import type { Tensor } from '../tensor.ts'
import { arenaOf } from './arena.ts'
import { dropout } from './bytes.ts'
import { callHeap, resultOf, type Heap } from './heap.ts'
import { locate, Stream, stride, type Source } from './stream.ts'

/** Elements that the kernel draws at a time. */
const GROUP = 64
/** Bytes of a group, and of its bits. */
export const SCRATCH = GROUP * 4 + 128

/** Bytes of the mask of `size` elements. */
export const maskBytes = (size: number): number => Math.ceil(size / GROUP) * (GROUP / 8)

/**
 * Writes y. @returns false where no kernel serves the rate, or there is none.
 * @param mask address of `maskBytes` in the heap, for a bit an element; 0 keeps none.
 */
export function dropoutOn(
  heap: Heap,
  x: Source,
  y: () => Source,
  size: number,
  rate: number,
  seed: Seed,
  mask = 0,
): boolean {
  const [high, low] = splitThreshold(rate)
  const kernels = high > 255 ? undefined : heap.kernels(dropout)
  if (!kernels) return false
  const arena = arenaOf(heap)
  const from = new Stream(arena, x, GROUP)
  const to = new Stream(arena, y(), GROUP)
  const scratch = arena.take(SCRATCH)
  const key = keyOf(seed)
  const several = stride([from, to], size, 1)
  for (let i = 0; i < size; i += several) {
    const count = Math.min(several, size - i)
    const [p, q] = [from.input(i, count), to.output(i)]
    kernels.dropout(p, q, count, i, ...key, high, low, 1 / (1 - rate), scratch, mask && mask + i / 8)
    to.commit(i, count)
  }
  return true
}

/** @returns null where elements share draws, in float64, or without WebAssembly. y lies in kernel memory where x does. */
export function fastDropout(x: Tensor, rate: number, seed: Seed, { cells, size, dims }: Plan): Tensor | null {
  if (!(x.data instanceof Float32Array) || cells !== size || size === 0) return null
  const heap = dims.every((dim) => dim.kept || dim.size === 1) ? callHeap() : undefined
  if (!heap) return null
  const source = locate(heap, x.data)
  let y: Tensor<Float32Array> | undefined
  const to = () => locate(heap, (y = resultOf(x.shape, source.resident > 0)).data)
  return dropoutOn(heap, source, to, size, rate, seed) ? y! : null
}
