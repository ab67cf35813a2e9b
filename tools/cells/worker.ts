// One cell, run in a thread of its own: its console, its outputs, its exports. Started by run.ts.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { strip } from '@normlab/cell/build'
import { cells, Collected, line, seedRandom, setHost, valuesOf, type Level } from '@normlab/cell/host'
import type { Job, Ran } from './run.ts'

const { file, chosen } = workerData as Job
const collected = new Collected()
setHost({ emit: (event) => void collected.add(event), chosen: (name) => chosen[name] })

for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const satisfies Level[])
  console[level] = (...values: unknown[]) => {
    const text = line(values)
    // tfjs says so on its cpu backend in Node alone; a page would not show it.
    if (!text.includes('Hi, looks like you are running TensorFlow.js in Node.js'))
      collected.add({ type: 'log', level, text })
  }
console.table = (rows: unknown) =>
  collected.add({ type: 'table', rows: cells(Array.isArray(rows) ? rows : [rows]) })

// What is imported may draw random numbers while it loads; the cell's own begin anew after that.
const { resolve } = createRequire(file)
for (const [, , name] of strip(readFileSync(file, 'utf8')).imports)
  await import(pathToFileURL(resolve(name)).href)
seedRandom()
const start = performance.now()
const values = valuesOf({ ...(await import(pathToFileURL(file).href)) })
const { outputs, params, tolerance } = collected
const ran: Ran = {
  run: { ...(tolerance === undefined ? {} : { tolerance }), params, outputs, values },
  seconds: (performance.now() - start) / 1000,
}
parentPort!.postMessage(ran)
