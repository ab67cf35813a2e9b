/** Candidates of one row: each is checked against the reference on a smaller batch, then all are timed turn by turn. */
import { alloc, free, reserve, type Tensor } from '@normlab/core'
import { greatestError, reference, useKernels, type KernelMode } from '@normlab/core/testing'
import { callsOf } from './calls.ts'
import type { Job } from './shapes.ts'
import type { Loops } from './traffic.ts'
import { median } from './median.ts'
import { timeAll } from './timing.ts'

export interface Row {
  readonly op: string
  readonly pass: string
  readonly shape: readonly number[]
  /** Ours begin with "core". */
  readonly candidate: string
  readonly nsPerElement: number
  /** Time of the plain loop over time of the candidate: 1 is the speed of memory. */
  readonly ofTraffic: number
  /** How many times as fast as each peer. */
  readonly vs: Readonly<Record<string, number>>
}
export interface PeerTime {
  readonly candidate: string
  readonly nsPerElement: number
}

const TOLERANCE = 1e-6
const CANDIDATES: readonly { name: string; mode: KernelMode; resident: boolean }[] = [
  { name: 'core', mode: 'auto', resident: true },
  { name: 'core streamed', mode: 'auto', resident: false },
  { name: 'core simd', mode: 'simd', resident: true },
  { name: 'core scalar', mode: 'scalar', resident: true },
]

export async function benchOf(
  job: Job,
  loops: Loops,
  peers: readonly PeerTime[],
  best: boolean,
  threaded?: PeerTime,
): Promise<Row[]> {
  const candidates = job.variant.apply ? CANDIDATES.slice(0, 1) : CANDIDATES
  const size = job.shape.reduce((a, b) => a * b, 1)
  for (const { name, mode } of candidates) {
    useKernels(mode)
    const error = errorOf(job)
    if (!(error <= TOLERANCE))
      throw new Error(`${job.op} ${job.pass}, ${name}: error ${error} against the reference`)
  }
  reserve(size * 4 * 7)
  const [x, dy, z] = [alloc(job.shape), alloc(job.shape), alloc(job.shape)]
  fill(x, 1)
  fill(dy, 2)
  const foreign = (tensor: Tensor): Tensor => ({ data: Float32Array.from(tensor.data), shape: job.shape })
  const [fx, fdy] = [foreign(x), foreign(dy)]
  const tasks = [
    { name: job.traffic as string, run: () => loops[job.traffic](x.data, dy.data, z.data) },
    ...candidates.map(({ name, mode, resident }) => {
      useKernels(mode)
      const { time, done } = callsOf(job, resident ? x : fx, resident ? dy : fdy)
      return {
        name,
        run: () => {
          free(...time())
        },
        before: () => useKernels(mode),
        done,
      }
    }),
  ]
  const times = await timeAll(tasks)
  for (const task of tasks) if ('done' in task) task.done()
  useKernels('auto')
  free(x, dy, z)
  const [traffic, ...ours] = times.map((turns) => ((best ? Math.min(...turns) : median(turns)) * 1e6) / size)
  const row = (candidate: string, ns: number, ofTraffic: number, others: readonly PeerTime[]): Row => ({
    op: job.op,
    pass: job.pass,
    shape: job.shape,
    candidate,
    nsPerElement: round(ns),
    ofTraffic: round(ofTraffic),
    vs: Object.fromEntries(others.map((peer) => [peer.candidate, round(peer.nsPerElement / ns)])),
  })
  return [
    row(job.traffic, traffic, 1, []),
    ...ours.map((ns, i) => row(candidates[i].name, ns, traffic / ns, peers)),
    ...(threaded
      ? [row(threaded.candidate, threaded.nsPerElement, traffic / threaded.nsPerElement, peers)]
      : []),
    ...peers.map((peer) => row(peer.candidate, peer.nsPerElement, traffic / peer.nsPerElement, [])),
  ]
}

const round = (value: number): number => Number(value.toPrecision(4))

/** Values of about N(0, 1), cheap to make. */
export function fill({ data }: Tensor, seed: number): void {
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
    const tensor = { data: new Float32Array(shape.reduce((a, b) => a * b, 1)), shape }
    fill(tensor, seed)
    return tensor
  }
  const [x, dy] = [random(3), random(4)]
  const small = { ...job, shape }
  const double = ({ data }: Tensor): Tensor => ({ data: Float64Array.from(data), shape })
  const [got] = callsOf(small, x, dy).time()
  const exact = job.variant.kind === 'noise' ? job.variant : reference(job.variant)
  const [want] = callsOf({ ...small, variant: exact }, double(x), double(dy)).time()
  const error = greatestError(got.data, want.data)
  free(got)
  return error
}
