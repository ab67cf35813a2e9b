/**
 * `node threaded.ts layerNorm forward 4096x768` prints ns per element of one job on two threads: a process of its own, for
 * threads move the kernels' memory. The plain loop that the row is held against stays on one core.
 */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { alloc, free, reserve, type Tensor } from '@normlab/core'
import { greatestError } from '@normlab/core/testing'
import { threads } from '@normlab/core/threads'
import { x as execute } from 'tinyexec'
import { callsOf } from './calls.ts'
import { fill, type PeerTime } from './core.ts'
import { median } from './median.ts'
import { allJobs, type Job } from './shapes.ts'
import { timeAll } from './timing.ts'

/** Smaller calls are not cut. */
const LEAST = 1 << 17
const NAME = 'core, 2 threads'

const sizeOf = ({ shape }: Job): number => shape.reduce((a, b) => a * b, 1)

/** The candidate, or nothing where calls are not cut or there is one core. */
export async function threadedTime(job: Job): Promise<PeerTime | undefined> {
  if (job.variant.apply || sizeOf(job) < LEAST) return undefined
  if (availableParallelism() < 2) {
    console.error(`SKIPPED ${NAME}: one core`)
    return undefined
  }
  const args = [
    '-C',
    '@normlab/source',
    fileURLToPath(import.meta.url),
    job.op,
    job.pass,
    job.shape.join('x'),
  ]
  const { stdout, stderr, exitCode } = await execute(process.execPath, args)
  if (exitCode !== 0) throw new Error(`${NAME}: ${stderr}`)
  return { candidate: NAME, nsPerElement: Number(stdout.trim()) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [op, pass, shape] = process.argv.slice(2)
  const job = allJobs().find((one) => one.op === op && one.pass === pass && one.shape.join('x') === shape)!
  const pool = await threads(2)
  reserve(sizeOf(job) * 4 * 5)
  const make = (seed: number): [Tensor, Tensor] => {
    const tensor = alloc(job.shape)
    fill(tensor, seed)
    return [tensor, { data: Float32Array.from(tensor.data), shape: job.shape }]
  }
  const [[x, plainX], [dy, plainDy]] = [make(1), make(2)]
  const calls = callsOf(job, x, dy)
  // Arrays outside kernel memory run on one thread.
  const error = greatestError(calls.time()[0].data, callsOf(job, plainX, plainDy).time()[0].data)
  if (!(error < 1e-6)) throw new Error(`error ${error} against one thread`)
  const [turns] = await timeAll([{ run: () => free(...calls.time()) }])
  console.log((median(turns) * 1e6) / sizeOf(job))
  await pool.close()
}
