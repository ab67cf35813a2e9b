import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { root } from './files.ts'
import type { Recording } from '@normlab/cell/host'

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

/** Runs a cell of docs/ in Node, as it is, on the packages' sources. Rejects with the cell's own error. */
export function runCell(cell: string, chosen: Job['chosen'] = {}): Promise<Ran> {
  const job: Job = { file: join(root, cell), chosen }
  const worker = new Worker(join(import.meta.dirname, 'worker.ts'), {
    workerData: job,
    execArgv: ['--conditions', '@normlab/source', '--no-warnings'],
  })
  return new Promise<Ran>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${cell} has not ended after ${LIMIT / 1000} s`)), LIMIT)
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => {
      clearTimeout(timer)
      reject(new Error(`${cell} ended without a result`))
    })
  }).finally(() => worker.terminate())
}
