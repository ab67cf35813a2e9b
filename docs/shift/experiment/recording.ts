import { attribute, moments, neuron, type Attribution } from './attribution.ts'
import { defaultRun, type RunConfig } from './config.ts'
import { spirals } from './data.ts'
import { average, batchNoise, companyNoise, meanMoves, rankCorrelation, unitValues } from './measures.ts'
import { pack, round, type Packed } from './packed.ts'
import { trainPair, type Frame, type NetworkFrame } from './train.ts'

export const sides = ['without', 'with'] as const
type Both<T> = Record<(typeof sides)[number], T>
const both = <T>(make: (side: (typeof sides)[number]) => T): Both<T> => ({
  without: make('without'),
  with: make('with'),
})

interface OtherRun {
  readonly run: RunConfig
  readonly accuracy: Both<number>
  readonly drift: Both<number[]>
}

/** All that the page prints and draws before anyone presses Run. */
export interface Recording {
  readonly run: RunConfig
  readonly examples: number
  /** Where the figures look: the live neuron of the last hidden layer whose mean moved most without normalization. */
  readonly neuron: { readonly layer: number; readonly unit: number }
  readonly packed: Both<Packed>
  readonly curves: Both<{ loss: number[]; accuracy: number[] }>
  /** The neuron's values at the first and the last shown epoch, example by example. */
  readonly ranks: Both<{ before: number[]; after: number[]; correlation: number }>
  readonly attribution: Both<{ mean: Attribution; std: Attribution; seen: { from: number; to: number } }>
  /** Over the neurons of the layer: mean absolute parts of the change of the mean. */
  readonly parts: Both<{ own: number; upstream: number; joint: number }>
  readonly noise: Both<{ batchMeans: number; moved: number; perEpoch: number }> & {
    company: number
    companyOfFour: number
  }
  readonly drift: Both<number[]>
  /** Sigmoid units: a network that stands almost still, and learns nothing. */
  readonly quiet: OtherRun
  /** LayerNorm: neurons that move, and a network that learns. */
  readonly restless: OtherRun
}

/** Trains and measures. The same numbers come out wherever it runs, up to rounding. */
export async function makeRecording(run: RunConfig = defaultRun): Promise<Recording> {
  const frames = await framesOf(run)
  const kept = frames.filter(({ keep, epoch }) => keep && epoch > 0)
  const first = kept[0]
  const last = kept[kept.length - 1]
  const layer = run.depth
  const unit =
    movedMost(
      kept.map((frame) => frame.without),
      layer,
    ) + 1
  const at = (frame: NetworkFrame, what: 'pre' | 'linear') =>
    unitValues(frame.values[what][layer - 1], run.width, unit - 1)
  const before = (frame: NetworkFrame, of = unit) =>
    neuron(frame.values.post[layer - 2], frame.weights![layer - 1], of - 1)

  const recording: Recording = {
    run,
    examples: at(first.without, 'pre').length,
    neuron: { layer, unit },
    packed: both((side) =>
      pack(
        kept.map((frame) => ({ epoch: frame.epoch, values: frame[side].values })),
        run.depth,
        run.width,
      ),
    ),
    curves: both((side) => ({
      loss: frames.slice(1).map((frame) => frame[side].loss),
      accuracy: frames.map((frame) => frame[side].accuracy),
    })),
    ranks: both((side) => {
      const [a, b] = [at(first[side], 'pre'), at(last[side], 'pre')]
      return { before: [...a], after: [...b], correlation: rankCorrelation(a, b) }
    }),
    attribution: both((side) => ({
      mean: attribute(before(first[side]), before(last[side]), 'mean'),
      std: attribute(before(first[side]), before(last[side]), 'std'),
      seen: { from: moments(at(first[side], 'pre')).mean, to: moments(at(last[side], 'pre')).mean },
    })),
    parts: both((side) => {
      const all = Array.from({ length: run.width }, (_, i) =>
        attribute(before(first[side], i + 1), before(last[side], i + 1), 'mean'),
      )
      const size = (part: (a: Attribution) => number) => average(all.map((a) => Math.abs(part(a))))
      return {
        own: size((a) => a.ownFirst),
        upstream: size((a) => a.upstreamFirst),
        joint: size((a) => a.joint),
      }
    }),
    noise: {
      ...both((side) => {
        const means = frames.slice(1).map((frame) => moments(at(frame[side], 'linear')).mean)
        return {
          batchMeans: batchNoise(at(last[side], 'linear'), run.batch, run.seed),
          moved: Math.abs(means[means.length - 1] - means[0]),
          perEpoch: average(means.slice(1).map((mean, i) => Math.abs(mean - means[i]))),
        }
      }),
      company: companyNoise(at(last.with, 'linear'), run.batch, run.seed),
      companyOfFour: companyNoise(at(last.with, 'linear'), 4, run.seed),
    },
    drift: both((side) => driftOf(frames, side, run)),
    quiet: await otherRun({ ...run, activation: 'sigmoid', rate: 0.3 }),
    restless: await otherRun({ ...run, norm: 'layer' }),
  }
  return rounded(recording)
}

async function framesOf(run: RunConfig): Promise<Frame[]> {
  const frames: Frame[] = []
  await trainPair(run, spirals(run.seed), { onFrame: (frame) => void frames.push(frame) })
  return frames
}

/** By layer: how far a neuron's mean moves in an epoch, on average over neurons and over the epochs after the first. */
function driftOf(frames: readonly Frame[], side: 'without' | 'with', { depth, width }: RunConfig): number[] {
  return Array.from({ length: depth }, (_, layer) => {
    const pre = frames.map((frame) => frame[side].values.pre[layer])
    return average(pre.slice(2).map((now, i) => average(meanMoves(pre[i + 1], now, width))))
  })
}

async function otherRun(run: RunConfig): Promise<OtherRun> {
  const frames = await framesOf(run)
  return {
    run,
    accuracy: both((side) => frames[frames.length - 1][side].accuracy),
    drift: both((side) => driftOf(frames, side, run)),
  }
}

/** Of the neurons that fire for a tenth to nine tenths of the examples throughout: the one whose mean moved most. */
function movedMost(frames: readonly NetworkFrame[], layer: number): number {
  const { units } = frames[0].values
  const pre = frames.map(({ values }) => values.pre[layer - 1])
  const moves = meanMoves(pre[0], pre[pre.length - 1], units)
  const alive = moves.map((_, unit) =>
    pre.every((values) => {
      const firing = average([...unitValues(values, units, unit)].map((value) => (value > 0 ? 1 : 0)))
      return firing >= 0.1 && firing <= 0.9
    }),
  )
  return moves.reduce(
    (best, move, unit) => (alive[unit] && !(move <= moves[best] && alive[best]) ? unit : best),
    0,
  )
}

const rounded = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value, (_, part) => (typeof part === 'number' ? round(part) : part)))
