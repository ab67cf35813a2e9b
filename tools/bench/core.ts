/** The rows of one job: our candidates, the plain loop beside the first of them, and peers. */
import { candidatesOf, timeOf } from './candidate.ts'
import type { PeerTime } from './peers/index.ts'
import type { Job } from './shapes.ts'

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

/** @param loops module of the plain loops, in base64. @param only the one candidate to time beside the first. */
export async function benchOf(
  job: Job,
  loops: string,
  peers: readonly PeerTime[],
  { best, only }: { readonly best: boolean; readonly only?: string | undefined },
): Promise<Row[]> {
  const { op, pass, shape } = job
  const row = (candidate: string, ns: number, traffic: number, others: readonly PeerTime[]): Row => ({
    op,
    pass,
    shape,
    candidate,
    nsPerElement: round(ns),
    ofTraffic: round(traffic / ns),
    vs: Object.fromEntries(others.map((peer) => [peer.candidate, round(peer.nsPerElement / ns)])),
  })
  const ours: Row[] = []
  let first: number | undefined
  for (const name of candidatesOf(job).filter((one, i) => !only || i === 0 || one === only)) {
    const { ns, traffic } = await timeOf(job, name, best, loops)
    first ??= traffic!
    ours.push(row(name, ns, traffic ?? first, peers))
  }
  return [
    row(job.traffic, first!, first!, []),
    ...ours,
    ...peers.map((peer) => row(peer.candidate, peer.nsPerElement, first!, [])),
  ]
}

const round = (value: number): number => Number(value.toPrecision(4))
