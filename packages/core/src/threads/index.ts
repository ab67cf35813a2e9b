/** Kernels on several threads: `@normlab/core/threads`. Off until `threads` is called. */
import { checkNumber, NormlabError } from '../errors.ts'
import { dropout, nests, vectors } from '../kernels/bytes.ts'
import { moduleOf } from '../kernels/module.ts'
import { sharedHeap } from './heap.ts'
import { Pool } from './pool.ts'
import { sharedSource } from './shared.ts'
import { startThread } from './worker.ts'

export interface Threads {
  /** Threads in all, the caller's included. */
  readonly count: number
  /** Ends the workers: one thread then serves every call. Tensors stay as they are. */
  close(): Promise<void>
}

const SOURCES = [vectors, nests, dropout]
const MOST = 16
/** Milliseconds, and more, in which a worker must have started. */
const PATIENCE = 10_000

interface Globals {
  readonly crossOriginIsolated?: boolean
  setTimeout(run: () => void, ms: number): unknown
}
const world = globalThis as unknown as Globals
const turn = (): Promise<void> => new Promise((resolve) => void world.setTimeout(resolve, 1))

let open = false

/**
 * Kernels run on `count` threads from now on: the caller's and workers, which share the memory of tensors. Calls stay
 * synchronous. A call is cut where all its float32 arrays are tensors of `alloc` made after this, and large (2^17 elements
 * or more); others run as before. Forward along rows and dropout give the same bits as one thread; where a sum is cut,
 * its parts are added in float64.
 *
 * `data` of such tensors lies in a SharedArrayBuffer. In a browser the page must be cross-origin isolated and workers of
 * blobs allowed; while the workers finish, the caller spins.
 *
 * @param count 2 (default) to 16.
 * @throws NormlabError where there are threads already, or none can be had: no SharedArrayBuffer, no workers, no SIMD.
 */
export async function threads(count = 2): Promise<Threads> {
  checkNumber('count', count, [2, 1, MOST])
  if (open) throw new NormlabError('threads', 'there are threads already', 'close() those first')
  if (typeof SharedArrayBuffer === 'undefined' || world.crossOriginIsolated === false)
    throw new NormlabError(
      'threads',
      'there is no SharedArrayBuffer',
      'Serve the page with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
    )
  const modules = SOURCES.map((source) => moduleOf(sharedSource(source)))
  if (!modules.every((module) => module !== null))
    throw new NormlabError(
      'threads',
      'there are no kernels here',
      'Do without: the scalar loops are one thread',
    )
  open = true
  try {
    const heap = sharedHeap()
    const kernels = SOURCES.flatMap((source, i) =>
      Object.keys(heap.kernels(source)!).map((name) => [i, name] as const),
    )
    const workers = Array.from({ length: count - 1 }, () =>
      startThread({ memory: heap.memory, modules, kernels }),
    )
    const pool = new Pool(
      heap,
      workers,
      kernels.map(([, name]) => name),
    )
    for (let waited = 0; !pool.ready && !pool.failed && waited < PATIENCE; waited++) await turn()
    if (!pool.ready) {
      await pool.close()
      throw new NormlabError('threads', 'a worker did not start', 'Allow workers of blobs: worker-src blob:')
    }
    heap.pool = pool
    return {
      count,
      async close() {
        if (heap.pool !== pool) return
        heap.pool = undefined
        await pool.close()
        open = false
      },
    }
  } catch (error) {
    open = false
    throw error
  }
}
