/** Square plots with one scale on both axes, beside one another or, where there is no room, below. */
import { integer } from '../figure/format.ts'
import { BODY, frame, HEADING, nothing, paragraph, SMALL, type FrameOptions } from '../figure/frame.ts'
import { line, tag, text } from '../figure/svg.ts'
import { fit } from '../figure/text.ts'
import { toneColor, type Tone } from '../figure/tone.ts'
import { token } from '../tokens.ts'
import type { Pair } from './ellipse.ts'
import { fewTicks, type FewTicks } from './fewTicks.ts'

export interface Square {
  readonly name: string
  readonly tone?: Tone
  readonly center: Pair
  /** From the centre to each side, above 0. */
  readonly reach: number
  /** Drawn within the square. */
  readonly draw: (place: Place) => string
  /** Said below it. */
  readonly words: string
}

export interface Place {
  /** From data to pixels. Far values are held at some thousands of pixels. */
  readonly at: (point: Pair) => Pair
  /** Pixels for one unit. */
  readonly unit: number
  /** Prefix of ids. */
  readonly id: string
}

interface SquaresOptions extends FrameOptions {
  readonly width: number
  readonly xLabel: string
  readonly yLabel: string
  readonly caption?: string
  readonly fallbackTitle: string
  /** Said where there is no panel. */
  readonly fallback: string
  readonly description: string
}

const PAD = 12
const GAP = 20
const LEAST = 180
const MOST = 280
const FAR = 1e4

export function squares(panels: readonly Square[], options: SquaresOptions): string {
  const { width, xLabel, yLabel } = options
  const room = width - 2 * PAD
  const columns = columnsOf(panels.length, room)
  const pitch = (room + GAP) / columns
  const axes = panels.map(({ center, reach }) => [0, 1].map((i) => axisOf(center[i], reach, pitch - 60)))
  const labels = Math.max(8, ...axes.map(([, vertical]) => vertical.widest)) + 8
  const side = Math.min(MOST, pitch - GAP - labels)
  const head = options.title ? paragraph(PAD, 8, room, options.title, { size: HEADING, weight: '600' }) : null
  let y = head ? head.height + 16 : 10
  const parts: ((id: string) => string)[] = []
  for (let from = 0; from < panels.length; from += columns) {
    const row = panels.slice(from, from + columns)
    const names = row.map(({ name, tone }, i) =>
      paragraph(PAD + pitch * i, y, pitch - GAP, name, {
        weight: '600',
        color: tone ? toneColor(tone) : token('ink'),
      }),
    )
    const top = y + Math.max(...names.map(({ height }) => height)) + 22
    const bottom = top + side
    const words = row.map((panel, i) =>
      paragraph(PAD + pitch * i, bottom + 42, pitch - GAP, panel.words, {
        size: SMALL,
        color: token('muted'),
      }),
    )
    for (const [i, panel] of row.entries()) {
      const left = PAD + pitch * i + labels
      const k = from + i
      parts.push(
        (id) =>
          names[i].markup + words[i].markup + plot(panel, axes[k], { left, top, side, id: `${id}-${k}` }),
      )
    }
    y = bottom + 42 + Math.max(...words.map(({ height }) => height)) + 16
  }
  if (!panels.length) {
    const place = y + 12
    parts.push(() => nothing(PAD, place, options.fallback))
    y += 24
  }
  const caption = options.caption ? paragraph(PAD, y - 4, room, options.caption) : null
  return frame({
    id: options.id,
    width,
    height: y + (caption?.height ?? 0),
    title: options.title ?? options.fallbackTitle,
    description: options.description,
    body: (id) => (head?.markup ?? '') + parts.map((part) => part(id)).join('') + (caption?.markup ?? ''),
  })

  function plot(
    { center, reach, draw }: Square,
    [across, up]: readonly FewTicks[],
    { left, top, side: size, id }: { left: number; top: number; side: number; id: string },
  ): string {
    const unit = size / 2 / reach
    const held = (pixels: number): number => Math.max(-FAR, Math.min(FAR, pixels))
    const x = (value: number): number => left + size / 2 + held((value - center[0]) * unit)
    const yAt = (value: number): number => top + size / 2 - held((value - center[1]) * unit)
    const small = { 'font-size': String(SMALL), fill: token('muted') }
    const grid = (value: number) => ({ stroke: token(value === 0 ? 'rule' : 'grid') })
    return (
      tag(
        'defs',
        {},
        tag('clipPath', { id: `${id}-clip` }, tag('rect', { x: left, y: top, width: size, height: size })),
      ) +
      across.at
        .map(
          (value, i) =>
            line(x(value), top, x(value), top + size + 4, grid(value)) +
            text(x(value), top + size + 17, across.labels[i], { ...small, 'text-anchor': 'middle' }),
        )
        .join('') +
      up.at
        .map(
          (value, i) =>
            line(left - 4, yAt(value), left + size, yAt(value), grid(value)) +
            text(left - 7, yAt(value) + 4, up.labels[i], { ...small, 'text-anchor': 'end' }),
        )
        .join('') +
      tag('g', { 'clip-path': `url(#${id}-clip)` }, draw({ at: ([px, py]) => [x(px), yAt(py)], unit, id })) +
      tag('rect', { x: left, y: top, width: size, height: size, fill: 'none', stroke: token('rule') }) +
      text(left, top - 7, fit(yLabel, BODY, size)) +
      text(left + size, top + size + 33, fit(xLabel, BODY, size), { 'text-anchor': 'end' })
    )
  }
}

/** As many as fit, in rows of about the same length. Four or more stand two by two on a phone too: they are compared. */
function columnsOf(count: number, room: number): number {
  const abreast = Math.floor((room + GAP) / (LEAST + GAP))
  const most = Math.max(1, Math.min(count, abreast < 2 && count > 3 ? 2 : abreast))
  return Math.ceil(count / Math.max(1, Math.ceil(count / most))) || 1
}

/** Labels at the very edge would leave the plot. */
const axisOf = (center: number, reach: number, width: number): FewTicks =>
  fewTicks(center - 0.86 * reach, center + 0.86 * reach, 0.86 * width)

/** At most so many of a list, evenly spread, the first among them. */
export function some<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all]
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)])
}

/** What is said where not all is drawn. */
export const drawnOf = (drawn: number, all: number, what: string): string =>
  drawn < all ? `; ${integer(drawn)} of ${integer(all)} ${what} drawn` : ''
