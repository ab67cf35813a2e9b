/** Calls of kernels, each cut into shares that run at once: the first here, the others on a thread each. */
import { NormlabError } from '../errors.ts'
import type { Heap } from '../kernels/heap.ts'
import type { Kernels } from '../kernels/module.ts'
import { shareOf, SPLITS, type Arguments, type Split } from './split.ts'
import { FAILED, IDLE, JOB, RESULT, STATE, type Thread } from './worker.ts'

/** Elements of a share at the least: to hand over a smaller one takes longer than it saves. */
const LEAST = 1 << 16

type Kernel = Kernels[string]

/** Whether this thread may sleep: the main thread of a browser may not. */
const maySleep = (): boolean => {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0)
    return true
  } catch {
    return false
  }
}

export class Pool {
  readonly #heap: Heap
  readonly #threads: readonly Thread[]
  /** Places of kernels in what the threads know. */
  readonly #places: ReadonlyMap<string, number>
  readonly #made = new WeakMap<Kernels, Kernels>()
  /** Room of each thread's own in kernel memory. */
  readonly #rooms: { at: number; bytes: number }[]
  readonly #sleeps = maySleep()

  constructor(heap: Heap, threads: readonly Thread[], names: readonly string[]) {
    this.#heap = heap
    this.#threads = threads
    this.#places = new Map(names.map((name, i) => [name, i]))
    this.#rooms = threads.map(() => ({ at: 0, bytes: 0 }))
  }

  /** The same kernels, on all threads where a call is large enough. */
  over(kernels: Kernels): Kernels {
    let made = this.#made.get(kernels)
    if (!made) {
      const cut = ([name, kernel]: [string, Kernel]): [string, Kernel] => {
        const split = SPLITS[name]
        return [name, split ? (...given) => this.#run(name, split, kernel, given.map(Number)) : kernel]
      }
      made = Object.fromEntries(Object.entries(kernels).map(cut))
      this.#made.set(kernels, made)
    }
    return made
  }

  #run(name: string, split: Split, kernel: Kernel, a: Arguments): number {
    const units = a[split.count]
    const whole = split.whole ?? 1
    const shares = Math.min(this.#threads.length + 1, Math.floor((units * split.size(a)) / LEAST))
    const each = Math.ceil(units / shares / whole) * whole
    if (!(shares > 1 && each < units)) return kernel(...a)
    const given: Arguments[] = []
    for (let from = each; from < units; from += each) {
      const share = shareOf(split, a, from, Math.min(each, units - from))
      this.#hand(given.length, name, split, a, share)
      given.push(share)
    }
    let result = kernel(...shareOf(split, a, 0, each))
    given.forEach((share, i) => {
      if (this.#await(this.#threads[i]) === 0) result = 0
      for (const [argument, bytes] of split.totals?.(a) ?? []) {
        const [to, from] = [a[argument] / 8, share[argument] / 8]
        const { f64 } = this.#heap
        for (let j = 0; j < bytes / 8; j++) f64[to + j] += f64[from + j]
      }
    })
    return result
  }

  /** Gives thread i a share, with room of its own for what it adds up. */
  #hand(i: number, name: string, split: Split, a: Arguments, share: number[]): void {
    const own = [...(split.scratch?.(a) ?? []), ...(split.totals?.(a) ?? [])]
    let at = this.#room(
      i,
      own.reduce((sum, [, bytes]) => sum + bytes, 0),
    )
    for (const [argument, bytes] of own) {
      share[argument] = at
      this.#heap.f64.fill(0, at / 8, (at + bytes) / 8)
      at += bytes
    }
    const { control, job } = this.#threads[i]
    job[0] = this.#places.get(name)!
    job[1] = share.length
    job.set(share, 2)
    Atomics.store(control, STATE, JOB)
    Atomics.notify(control, STATE)
  }

  /** Address of `bytes` bytes that thread i alone uses, until it asks again. */
  #room(i: number, bytes: number): number {
    const room = this.#rooms[i]
    if (room.bytes < bytes) {
      this.#heap.blocks.release(room.at)
      room.at = this.#heap.alloc(bytes)
      room.bytes = bytes
    }
    return room.at
  }

  #await({ control }: Thread): number {
    for (let spins = 0; Atomics.load(control, STATE) === JOB; spins++)
      if (spins > 10_000 && this.#sleeps) Atomics.wait(control, STATE, JOB, 10)
    if (Atomics.load(control, STATE) === FAILED)
      throw new NormlabError('threads', 'a thread failed', 'close() them: one thread then serves every call')
    return control[RESULT]
  }

  async close(): Promise<void> {
    for (const { at } of this.#rooms) this.#heap.blocks.release(at)
    await Promise.all(this.#threads.map((thread) => thread.stop()))
  }

  /** True once every thread waits for work. */
  get ready(): boolean {
    return this.#threads.every(({ control }) => Atomics.load(control, STATE) === IDLE)
  }
  get failed(): boolean {
    return this.#threads.some(({ control }) => Atomics.load(control, STATE) === FAILED)
  }
}
