import { defaultRun, type RunConfig } from './config.ts'
import { spirals } from './data.ts'
import { average, meanMoves, unitValues } from './measures.ts'
import { pack, round, type Packed } from './packed.ts'
import { trainPair, type Frame, type NetworkFrame } from './train.ts'

export const sides = ['without', 'with'] as const

/** What the figures draw before anyone presses Run. */
export interface Recording {
  readonly run: RunConfig
  readonly examples: number
  /** Where the figures look: the live neuron of the last hidden layer whose mean moved most without normalization. */
  readonly neuron: { readonly layer: number; readonly unit: number }
  readonly packed: Record<(typeof sides)[number], Packed>
}

/** Trains and measures. The same numbers come out wherever it runs, up to rounding. */
export async function makeRecording(run: RunConfig = defaultRun): Promise<Recording> {
  const frames: Frame[] = []
  await trainPair(run, spirals(run.seed), { onFrame: (frame) => void frames.push(frame) })
  const kept = frames.filter(({ keep, epoch }) => keep && epoch > 0)
  const packedOf = (side: (typeof sides)[number]): Packed =>
    pack(
      kept.map((frame) => ({ epoch: frame.epoch, values: frame[side].values })),
      run.depth,
      run.width,
    )
  const plain = kept.map((frame) => frame.without)
  const recording: Recording = {
    run,
    examples: plain[0].values.pre[0].length / run.width,
    neuron: { layer: run.depth, unit: movedMost(plain, run.depth) + 1 },
    packed: { without: packedOf('without'), with: packedOf('with') },
  }
  return rounded(recording)
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
