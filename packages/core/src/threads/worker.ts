/** A worker that runs kernels on a shared memory. It is given its source as text: no bundler has to find a file. */
import { NormlabError } from '../errors.ts'

/** Words of a worker's control block. */
export const STATE = 0
export const RESULT = 1
export const IDLE = 0
export const JOB = 1
export const STOP = 2
export const FAILED = 3
export const STARTING = 4

/** Numbers that a job takes at most: the kernel, the number of its arguments, and these. */
export const ROOM = 32

/** What a worker starts with. */
export interface Start {
  readonly memory: object
  readonly modules: readonly object[]
  /** Names of kernels, each with the number of its module: a job names them by their place in this list. */
  readonly kernels: readonly (readonly [module: number, name: string])[]
  readonly control: Int32Array
  readonly job: Float64Array
}

/** Spins for a while before it sleeps: waking a thread takes longer than many a call. */
const SOURCE = `
function serve({ memory, modules, kernels, control, job }) {
  const made = modules.map((module) => new WebAssembly.Instance(module, { env: { memory } }).exports)
  const run = kernels.map(([module, name]) => made[module][name])
  Atomics.compareExchange(control, ${STATE}, ${STARTING}, ${IDLE})
  for (let spins = 0; ; ) {
    const state = Atomics.load(control, ${STATE})
    if (state === ${STOP}) return
    if (state !== ${JOB}) {
      if (++spins > 20000) {
        Atomics.wait(control, ${STATE}, state)
        spins = 0
      }
      continue
    }
    spins = 0
    let next = ${IDLE}
    try {
      const result = run[job[0]](...job.subarray(2, 2 + job[1]))
      Atomics.store(control, ${RESULT}, result === 0 ? 0 : 1)
    } catch {
      next = ${FAILED}
    }
    Atomics.store(control, ${STATE}, next)
    Atomics.notify(control, ${STATE})
  }
}`

export interface Thread {
  readonly control: Int32Array
  readonly job: Float64Array
  /** Settles when the thread is gone. */
  stop(): Promise<unknown>
}

interface NodeWorker {
  on(event: 'error', listener: (error: Error) => void): unknown
  unref(): void
  terminate(): Promise<unknown>
}
interface WebWorker {
  addEventListener(event: 'error', listener: (event: { preventDefault(): void }) => void): void
  postMessage(value: unknown): void
  terminate(): void
}
interface Globals {
  readonly process?: { getBuiltinModule?(name: string): object | undefined }
  readonly Worker?: new (url: string) => WebWorker
  readonly Blob?: new (parts: string[], options: object) => object
  readonly URL?: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void }
}

/** Starts a thread: in Node with worker_threads, elsewhere from a blob. */
export function startThread(start: Omit<Start, 'control' | 'job'>): Thread {
  const { process, Worker, Blob, URL } = globalThis as Globals
  const control = new Int32Array(new SharedArrayBuffer(64))
  const job = new Float64Array(new SharedArrayBuffer(ROOM * 8))
  const data: Start = { ...start, control, job }
  control[STATE] = STARTING
  const halt = () => {
    Atomics.store(control, STATE, STOP)
    Atomics.notify(control, STATE)
  }
  const failed = () => void Atomics.store(control, STATE, FAILED)
  const node = process?.getBuiltinModule?.('node:worker_threads') as
    | { Worker: new (source: string, options: object) => NodeWorker }
    | undefined
  if (node) {
    const source = `${SOURCE}\nserve(require('node:worker_threads').workerData)`
    const worker = new node.Worker(source, { eval: true, workerData: data })
    worker.on('error', failed)
    // The process may end without a close().
    worker.unref()
    return { control, job, stop: () => (halt(), worker.terminate()) }
  }
  if (!Worker || !Blob || !URL)
    throw new NormlabError('threads', 'there are no workers here', 'Do without: one thread serves every call')
  const source = `${SOURCE}\nonmessage = ({ data }) => { serve(data); close() }`
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const worker = new Worker(url)
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    failed()
  })
  worker.postMessage(data)
  return {
    control,
    job,
    stop: async () => {
      halt()
      worker.terminate()
      URL.revokeObjectURL(url)
    },
  }
}
