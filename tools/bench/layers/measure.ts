/** One side of one job, on whatever backend is active. Knows neither Node nor a browser. */
import * as tf from '@tensorflow/tfjs-core'
import { median } from '../median.ts'
import type { LayerJob, Side } from './jobs.ts'
import { peakOf } from './memory.ts'
import { errorOf, subjectOf, unregister } from './subject.ts'

export interface Timed {
  /** Milliseconds, median. */
  readonly ms: number
  readonly runs: number
}
export interface Measured {
  readonly step: Timed
  readonly inference: Timed
  /** Of a training step: kernels by name, and tensors' bytes beyond those before, in multiples of x. */
  readonly launches: Readonly<Record<string, number>>
  readonly peak: number
  /** Of dx, by core's float64 reference. */
  readonly error: number
}

const TOLERANCE = 1e-4
/** Milliseconds of a measurement, and runs of one that takes longer each. */
const TOTAL = 1500
const LEAST = 5
const SLOW = 5000

/** @param settle waits until a tensor is there; a GPU only queues. */
export async function timeOf(
  run: () => tf.Tensor | tf.Tensor[],
  settle: (t: tf.Tensor) => Promise<void>,
  total = TOTAL,
): Promise<Timed> {
  const once = async (): Promise<number> => {
    const start = performance.now()
    const made = tf.tidy(run)
    await settle(Array.isArray(made) ? made[0] : made)
    const ms = performance.now() - start
    tf.dispose(made)
    return ms
  }
  const first = await once()
  // Stock layer normalization takes many seconds a step: nothing to warm up that would show.
  if (first > SLOW) return { ms: first, runs: 1 }
  for (let spent = first, i = 0; spent < total / 3 && i < 50; i++) spent += await once()
  const times: number[] = []
  for (let spent = 0; times.length < LEAST || (spent < total && times.length < 200);) {
    times.push(await once())
    spent += times.at(-1)!
  }
  return { ms: median(times), runs: times.length }
}

export async function measure(
  job: LayerJob,
  side: Side,
  settle: (t: tf.Tensor) => Promise<void> = async () => {},
  total = TOTAL,
): Promise<Measured> {
  if (side === 'composed') unregister()
  const error = await errorOf(job, side)
  if (error > TOLERANCE) throw new Error(`${job.layer}, ${side}: error ${error} of dx against the reference`)
  const subject = subjectOf(job, side)
  const step = await timeOf(subject.step, settle, total)
  const inference = await timeOf(subject.inference, settle, total)
  const launches: Record<string, number> = {}
  let peak = Number.NaN
  // Profiling keeps every result: where a step launches ten thousand kernels, count on a small x would mislead and on this one is slow.
  if (step.ms < SLOW) {
    const { kernels } = await tf.profile(() => void tf.tidy(subject.step))
    // Scopes are in the list as well, in lower case.
    for (const { name } of kernels) if (/^[A-Z_]/.test(name)) launches[name] = (launches[name] ?? 0) + 1
    const x = job.shape.reduce((a, b) => a * b, 4)
    peak = peakOf(() => tf.dispose(tf.tidy(subject.step))) / x
  }
  subject.dispose()
  return { step, inference, launches, peak, error }
}
