// Runs cells, one after the other: their console, their outputs, their exports. Started by run.ts.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { parentPort } from 'node:worker_threads'
import { strip } from '@normlab/cell/build'
import { cells, Collected, line, seedRandom, setHost, valuesOf, type Level } from '@normlab/cell/host'
import type { Job, Ran } from './run.ts'

let collected = new Collected()

for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const satisfies Level[])
  console[level] = (...values: unknown[]) => {
    const text = line(values)
    // tfjs says so on its cpu backend in Node alone; a page would not show it.
    if (!text.includes('Hi, looks like you are running TensorFlow.js in Node.js'))
      collected.add({ type: 'log', level, text })
  }
console.table = (rows: unknown) =>
  collected.add({ type: 'table', rows: cells(Array.isArray(rows) ? rows : [rows]) })

async function run({ file, chosen }: Job): Promise<Ran> {
  const mine = new Collected()
  collected = mine
  setHost({ emit: (event) => void mine.add(event), chosen: (name) => chosen[name] })
  // What is imported may draw random numbers while it loads; the cell's own begin anew after that.
  const { resolve } = createRequire(file)
  for (const [, , name] of strip(readFileSync(file, 'utf8')).imports)
    await import(pathToFileURL(resolve(name)).href)
  seedRandom()
  const start = performance.now()
  const values = valuesOf({ ...(await import(pathToFileURL(file).href)) })
  const { outputs, params, tolerance } = mine
  return {
    run: { ...(tolerance === undefined ? {} : { tolerance }), params, outputs, values },
    seconds: (performance.now() - start) / 1000,
  }
}

parentPort!.on('message', (job: Job) => {
  run(job).then(
    (ran) => parentPort!.postMessage(ran),
    (error: unknown) => parentPort!.postMessage(error instanceof Error ? error : new Error(String(error))),
  )
})
