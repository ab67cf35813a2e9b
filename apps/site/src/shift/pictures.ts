import { distributionOf, type Selection } from '@normlab/docs/shift/experiment/distributions.ts'
import { unpack, type Packed } from '@normlab/docs/shift/experiment/packed.ts'
import type { Frame } from '@normlab/docs/shift/experiment/train.ts'
import { ridgeline, ridgelineCaption, sharedDomain } from '@normlab/viz'
import type { DistributionRecord } from '@normlab/core'

export type Side = 'without' | 'with'
export const sides: Side[] = ['without', 'with']

/** Where the numbers of a picture come from: the recorded run, or a run of the reader's own. */
export interface Source {
  record(side: Side, selection: Selection): DistributionRecord
  /** The epoch that still moves. */
  readonly live?: number
}

export const recorded = (packed: Record<Side, Packed>): Source => ({
  record: (side, selection) => unpack(packed[side], selection),
})

/** Kept frames stay as rows; the newest frame is the row that moves. */
export function trained(frames: readonly Frame[], live?: Frame): Source {
  const all = live && frames.at(-1)?.epoch !== live.epoch ? [...frames, live] : frames
  return {
    record: (side, selection) => ({
      format: 'normlab-distributions-1',
      distributions: all.map((frame) => distributionOf(frame[side].values, selection, frame.epoch, 32)),
    }),
    ...(live ? { live: live.epoch } : {}),
  }
}

export interface Picture {
  readonly svg: Record<Side, string>
  readonly caption: Record<Side, string>
  readonly domain: readonly [number, number]
}

export interface Layout {
  readonly width: number
  /** Keeps the axis from shrinking while a run goes on. */
  readonly least?: readonly [number, number] | undefined
  readonly id?: string
  readonly rowHeight?: number
}

/** Both ridgelines on one axis. */
export function picture(source: Source, selection: Selection, layout: Layout): Picture {
  const { width, least, id = 'live', rowHeight = 58 } = layout
  const records = { without: source.record('without', selection), with: source.record('with', selection) }
  const shared = sharedDomain([records.without, records.with])
  const domain = least ? ([Math.min(least[0], shared[0]), Math.max(least[1], shared[1])] as const) : shared
  const options = (tone: Side) => ({
    id: `${id}-${tone}`,
    tone,
    domain,
    width,
    rowHeight,
    note: false,
    mostRows: 8,
    ...(source.live === undefined ? {} : { highlight: source.live }),
    rowLabel: ({ epoch }: { epoch: number }) => `epoch ${Number.isInteger(epoch) ? epoch : epoch.toFixed(1)}`,
  })
  const each = <T>(make: (side: Side) => T) => ({ without: make('without'), with: make('with') })
  // The pages say neuron where code says unit.
  const worded = (text: string) => text.replaceAll(/\bunit (\d+) of layer/g, 'neuron $1 of layer')
  return {
    svg: each((side) => worded(ridgeline(records[side], options(side)))),
    caption: each((side) => worded(ridgelineCaption(records[side], { tone: side }))),
    domain,
  }
}
