/**
 * The kernels for who keeps arrays of its own: streamed through core's memory, or in place in another module's.
 * Internal to this house (`@normlab/core/kernels`): it may change in any release.
 *
 * Only the `simd` build runs here. `relaxed` is a few percent faster and its roundings are the engine's choice; without it
 * the same call gives the same bits in Node and in every browser.
 */
import { blocksOf } from './dealing.ts'
import { dropoutOn } from './dropout.ts'
import { dropoutAgainOn } from './dropoutAgain.ts'
import { backwardOn, forwardOn } from './dispatch.ts'
import type { Memory } from './engine.ts'
import { callHeap, Heap, type Allocator } from './heap.ts'
import { kernelMode } from './module.ts'
import { bernoulli, type Seed } from '../random.ts'
import * as scalar from './scalar.ts'
import { serveAll } from './serve.ts'
import type { Source } from './stream.ts'

export type { Memory } from './engine.ts'
export type { Allocator } from './heap.ts'
export type { CellStatistics, KernelSpec } from './scalar.ts'
export type { Laid } from '../boundary.ts'
export { maskBytes } from './dropout.ts'
export { factor } from './scalar.ts'
export { keyOf, ROTATIONS, ROUNDS, splitThreshold } from '../random.ts'

/** An array, or the address of one in the host's memory. */
export type Place = Float32Array | number

export class KernelHost {
  #heap: Heap | undefined

  /** @param memory of another module, with its allocator; left out, arrays pass through core's own memory. */
  constructor(memory?: Memory, allocator?: Allocator) {
    serveAll()
    if (memory) this.#heap = new Heap(memory, allocator!, 'simd')
  }

  /** Undefined where the scalar kernels run. */
  #kernels(): Heap | undefined {
    const own = callHeap()
    if (!this.#heap && own) {
      blocksOf(own)
      this.#heap = own.sibling('simd')
    }
    this.#heap?.refresh()
    return kernelMode() === 'scalar' ? undefined : this.#heap
  }

  /** y = the normalized x, in another place. @returns the statistics that were used. */
  forward(
    spec: scalar.KernelSpec,
    x: Place,
    y: Place,
    given: scalar.CellStatistics | null,
  ): scalar.CellStatistics {
    const { size } = spec.plan
    const heap = this.#kernels()
    const done = heap && forwardOn(heap, spec, this.#source(x, size), () => this.#source(y, size), given)
    if (done) return done
    const stats = given ?? scalar.statistics(spec, this.#data(x, size))
    scalar.forward(spec, this.#data(x, size), this.#data(y, size), stats)
    return stats
  }

  /** Writes dx, in a place of its own. @returns the other gradients. */
  backward(
    spec: scalar.KernelSpec,
    x: Place,
    dy: Place,
    dx: Place,
    stats: scalar.CellStatistics,
    given: boolean,
  ): scalar.Gradients {
    const { size } = spec.plan
    const heap = this.#kernels()
    const from = [this.#source(x, size), this.#source(dy, size)] as const
    const done = heap && backwardOn(heap, spec, from, () => this.#source(dx, size), stats, given)
    // Views of kernel memory, which the next call writes over.
    if (done) return { ...done, dgamma: done.dgamma?.slice(), dbeta: done.dbeta?.slice() }
    const [a, b, c] = [x, dy, dx].map((at) => this.#data(at, size))
    return scalar.backward(spec, a, b, stats, c, given)
  }

  /**
   * y = x over 1 - rate where `bernoulli` keeps it, else 0.
   * @param mask address of `maskBytes(size)` in the host's memory. @returns whether the mask lies there now.
   */
  dropout(x: Place, y: Place, size: number, rate: number, seed: Seed, mask = 0): boolean {
    const heap = this.#kernels()
    if (heap && dropoutOn(heap, this.#source(x, size), () => this.#source(y, size), size, rate, seed, mask))
      return mask > 0
    const [from, to] = [x, y].map((at) => this.#data(at, size))
    const kept = bernoulli(size, rate, seed)
    const scale = rate < 1 ? 1 / (1 - rate) : 0
    for (let i = 0; i < size; i++) to[i] = kept[i] ? from[i] * scale : 0
    return false
  }

  /** The same as the call that has left the mask, of another x. Addresses in the host's memory. */
  dropoutAgain(x: number, y: number, size: number, rate: number, mask: number): void {
    dropoutAgainOn(this.#heap!, x, y, size, rate, mask)
  }

  /** Seen anew each time: growth detaches views. */
  #data(at: Place, size: number): Float32Array {
    return typeof at === 'number' ? this.#heap!.floats(at, size) : at
  }

  #source(at: Place, size: number): Source {
    return { data: this.#data(at, size), resident: typeof at === 'number' ? at : 0 }
  }
}
