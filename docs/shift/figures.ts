import { driftBars, lossCurves, rankShift } from '@normlab/viz'
import { parts } from './cells/workedTable.ts'
import { recording } from './facts.ts'

type Side = 'without' | 'with'
const epochs = recording.packed.without.epochs
const [first, last] = [epochs[0], epochs[epochs.length - 1]]

export const ranks = (side: Side) => (width: number, id: string) => {
  const { before, after } = recording.ranks[side]
  const points = before.map((from, i) => ({ id: i, from, to: after[i] }))
  const options = {
    from: `epoch ${first}`,
    to: `epoch ${last}`,
    tone: side,
    caption: false,
    height: 260,
  }
  return rankShift(points, { ...options, width, id })
}

const split = (own: number, upstream: number, joint?: number) => [
  { name: 'own', value: own },
  { name: 'upstream', value: upstream },
  ...(joint === undefined ? [] : [{ name: 'joint', value: joint }]),
]

export const workedBars = (width: number, id: string) =>
  driftBars(
    [
      { label: 'own weight first', parts: split(parts.ownFirst, parts.upstreamAfter) },
      { label: 'inputs first', parts: split(parts.ownAfter, parts.upstreamFirst) },
    ],
    { width, id, title: 'The same change, told in both orders', xLabel: 'change of the mean' },
  )

export const realBars = (width: number, id: string) => {
  const { without, with: withNorm } = recording.attribution
  const row = (label: string, { ownFirst, upstreamFirst, joint }: typeof without.mean) => ({
    label,
    parts: split(ownFirst, upstreamFirst, joint),
  })
  const rows = [row('without normalization', without.mean), row('with BatchNorm', withNorm.mean)]
  const xLabel = `change of the mean of W h + b, epoch ${first} to ${last}`
  return driftBars(rows, { width, id, title: 'Who moved the neuron’s mean', xLabel })
}

export const driftByLayer = (width: number, id: string) =>
  driftBars(
    recording.drift.without.map((without, i) => ({
      label: `layer ${i + 1}`,
      without,
      with: recording.drift.with[i],
    })),
    { width, id, title: 'Movement by layer', xLabel: 'movement of a neuron’s mean in one epoch' },
  )

export const curves = (width: number, id: string) =>
  lossCurves(
    (['without', 'with'] as const).map((side) => ({
      name: side,
      tone: side,
      points: recording.curves[side].loss.map((loss, i) => [i + 1, loss] as const),
    })),
    {
      width,
      id,
      xLabel: 'epoch',
      yLabel: 'training loss',
      yScale: 'log',
      height: 180,
      title: 'Training loss',
    },
  )
