/**
 * `node candidate.ts JSON` times one candidate of one job, turn by turn with the plain loop, and prints a `Timed`. A process
 * for each: what else had run in it would show in how V8 has compiled the calls, and threads move the kernels' memory.
 */
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { alloc, free, reserve, type Tensor } from '@normlab/core'
import { greatestError, reference, useKernels, type KernelMode } from '@normlab/core/testing'
import { threads } from '@normlab/core/threads'
import { x as execute } from 'tinyexec'
import { callOf } from './calls.ts'
import { median } from './median.ts'
import { allJobs, type Job } from './shapes.ts'
import { timeAll } from './timing.ts'
import { loopsOf } from './traffic.ts'

/** Nanoseconds an element. */
export interface Timed {
  readonly ns: number
  /** Of the plain loop in the same run. It stays on one core, and so is not timed beside threads. */
  readonly traffic?: number
}

interface Candidate {
  /** Ours begin with "core". */
  readonly name: string
  readonly mode: KernelMode
  readonly resident: boolean
  readonly threads?: number
}

interface Order {
  readonly op: string
  readonly pass: string
  readonly shape: readonly number[]
  readonly name: string
  readonly best: boolean
  /** The plain loops' module, in base64. */
  readonly loops: string
}

const TOLERANCE = 1e-6
const CANDIDATES: readonly Candidate[] = [
  { name: 'core', mode: 'auto', resident: true },
  { name: 'core streamed', mode: 'auto', resident: false },
  { name: 'core simd', mode: 'simd', resident: true },
  { name: 'core scalar', mode: 'scalar', resident: true },
  { name: 'core, 2 threads', mode: 'auto', resident: true, threads: 2 },
]
/** Calls on fewer elements are not cut for threads. */
const LEAST = 1 << 17

const sizeOf = ({ shape }: Pick<Job, 'shape'>): number => shape.reduce((a, b) => a * b, 1)

const said = new Set<string>()

/** Names of a job's candidates. */
export function candidatesOf(job: Job): string[] {
  if (job.variant.apply) return [CANDIDATES[0].name]
  return CANDIDATES.flatMap(({ name, threads: count = 1 }) => {
    if (count > 1 && sizeOf(job) < LEAST) return []
    if (count <= availableParallelism()) return name
    if (!said.has(name)) console.error(`SKIPPED ${name}: ${availableParallelism()} core`)
    said.add(name)
    return []
  })
}

const child = (...orders: string[]) =>
  execute(process.execPath, ['-C', '@normlab/source', fileURLToPath(import.meta.url), ...orders], {
    nodeOptions: { env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'normlab-bench') } },
  })

/** Fills Node's cache: where it strips types, its compiler is still busy when the calls begin. */
export const prime = (): Promise<unknown> => Promise.resolve(child())

/** @throws where the candidate is wrong. */
export async function timeOf(
  { op, pass, shape }: Job,
  name: string,
  best: boolean,
  loops: string,
): Promise<Timed> {
  const order: Order = { op, pass, shape, name, best, loops }
  const { stdout, stderr, exitCode } = await child(JSON.stringify(order))
  if (exitCode !== 0) throw new Error(`${op} ${pass}, ${name}: ${stderr}`)
  return JSON.parse(stdout) as Timed
}

async function time(job: Job, candidate: Candidate, best: boolean, loops: string): Promise<Timed> {
  const { mode, resident } = candidate
  useKernels(mode)
  const error = errorOf(job)
  if (!(error <= TOLERANCE)) throw new Error(`error ${error} against the reference`)
  const pool = candidate.threads ? await threads(candidate.threads) : undefined
  const size = sizeOf(job)
  reserve(size * 4 * 7)
  const [x, dy, z] = [1, 2, 3].map((seed) => {
    const tensor = alloc(job.shape)
    fill(tensor, seed)
    return tensor
  })
  const foreign = (tensor: Tensor): Tensor => ({ data: Float32Array.from(tensor.data), shape: job.shape })
  const [from, up] = resident ? [x, dy] : [foreign(x), foreign(dy)]
  const call = callOf(job, from, up)
  if (pool) {
    // Arrays outside kernel memory run on one thread.
    const alone = callOf(job, foreign(x), foreign(dy))()
    const off = greatestError(call()[0].data, alone[0].data)
    if (!(off <= TOLERANCE)) throw new Error(`error ${off} against one thread`)
  }
  const ours = { run: () => free(...call()) }
  const loop = pool ? undefined : loopsOf(Buffer.from(loops, 'base64'))[job.traffic]
  const plain = loop && { run: () => loop(x.data, dy.data, z.data) }
  const times = await timeAll(plain ? [ours, plain] : [ours])
  await pool?.close()
  const [ns, traffic] = times.map((turns) => ((best ? Math.min(...turns) : median(turns)) * 1e6) / size)
  return { ns, traffic }
}

/** Values of about N(0, 1), cheap to make. */
function fill({ data }: Tensor, seed: number): void {
  let state = seed * 2654435761
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  for (let i = 0; i < data.length; i++) data[i] = (next() + next() + next() + next() - 2) * 1.732
}

/** Greatest error over greatest value, with a batch as small as the kernels' paths allow. */
function errorOf(job: Job): number {
  const shape = job.shape.map((size, i) =>
    i === 0 ? Math.min(size, 2) : i === job.shape.length - 1 ? size : Math.min(size, 64),
  )
  const random = (seed: number): Tensor => {
    const tensor = { data: new Float32Array(sizeOf({ shape })), shape }
    fill(tensor, seed)
    return tensor
  }
  const [x, dy] = [random(3), random(4)]
  const small = { ...job, shape }
  const double = ({ data }: Tensor): Tensor => ({ data: Float64Array.from(data), shape })
  const [got] = callOf(small, x, dy)()
  const exact = job.variant.kind === 'noise' ? job.variant : reference(job.variant)
  const [want] = callOf({ ...small, variant: exact }, double(x), double(dy))()
  const error = greatestError(got.data, want.data)
  free(got)
  return error
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2]) {
  const { op, pass, shape, name, best, loops } = JSON.parse(process.argv[2]) as Order
  const same = (job: Job): boolean =>
    job.op === op && job.pass === pass && String(job.shape) === String(shape)
  const candidate = CANDIDATES.find((one) => one.name === name)!
  console.log(JSON.stringify(await time(allJobs().find(same)!, candidate, best, loops)))
}
