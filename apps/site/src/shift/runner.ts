import type { StartMessage, WorkerMessage } from './messages.ts'

/** Owns the worker. Stop ends it at once, in the middle of a step; the next run starts a new one. */
export class Runner {
  #worker: Worker | undefined

  get running(): boolean {
    return this.#worker !== undefined
  }

  start(order: StartMessage, on: (message: WorkerMessage) => void): void {
    this.stop()
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'training' })
    this.#worker = worker
    const hear = (heard: WorkerMessage) => {
      if (this.#worker !== worker) return
      if (heard.type === 'done' || heard.type === 'failed') this.stop()
      on(heard)
    }
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => hear(data))
    worker.addEventListener('error', ({ message }) =>
      hear({ type: 'failed', message: message || 'the training code could not be loaded' }),
    )
    worker.postMessage(order, { transfer: [] })
  }

  stop(): void {
    this.#worker?.terminate()
    this.#worker = undefined
  }
}
