import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Recording } from '@normlab/cell/host'
import { root, sourceOf } from './files.ts'

export interface Job {
  readonly file: string
  /** Parameters that differ from their initial values. */
  readonly chosen: Readonly<Record<string, unknown>>
}

export interface Ran {
  readonly run: Recording
  readonly seconds: number
}

/** Longer than any cell should take: seconds, not minutes. */
const LIMIT = 120_000

const start = () =>
  new Worker(join(import.meta.dirname, 'worker.ts'), {
    execArgv: ['--conditions', '@normlab/source', '--no-warnings'],
  })

function ask(worker: Worker, cell: string, chosen: Job['chosen']): Promise<Ran> {
  return new Promise<Ran>((resolve, reject) => {
    const fail = (error: Error) => {
      void worker.terminate()
      reject(error)
    }
    const timer = setTimeout(() => fail(new Error(`${cell} has not ended after ${LIMIT / 1000} s`)), LIMIT)
    const ended = () => fail(new Error(`${cell} ended without a result`))
    worker.once('error', fail)
    worker.once('exit', ended)
    worker.once('message', (answer: Ran | Error) => {
      clearTimeout(timer)
      worker.off('error', fail)
      worker.off('exit', ended)
      if (answer instanceof Error) reject(answer)
      else resolve(answer)
    })
    worker.postMessage({ file: join(root, cell), chosen } satisfies Job)
  })
}

/** These keep nothing from one cell to the next: a thread can run many, and load the packages once. TensorFlow.js keeps much. */
const keepsNothing = (cell: string): boolean =>
  [...sourceOf(cell).matchAll(/\bfrom '([^']+)'|\bimport\(?\s*'([^']+)'/g)].every(([, a, b]) =>
    ['@normlab/cell', '@normlab/core', '@normlab/viz'].includes(a ?? b),
  )

let shared: Worker | undefined
let queue: Promise<unknown> = Promise.resolve()

/** Runs a cell of docs/ in Node, as it is, on the packages' sources. Rejects with the cell's own error. */
export function runCell(cell: string, chosen: Job['chosen'] = {}): Promise<Ran> {
  if (!keepsNothing(cell)) {
    const worker = start()
    return ask(worker, cell, chosen).finally(() => worker.terminate())
  }
  const turn = queue.then(() => {
    if (!shared) {
      shared = start()
      shared.once('exit', () => (shared = undefined))
    }
    const worker = shared
    worker.ref()
    return ask(worker, cell, chosen).finally(() => worker.unref()) // idle, it keeps nobody waiting
  })
  queue = turn.catch(() => undefined)
  return turn
}
