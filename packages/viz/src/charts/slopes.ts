/** The lines of `rankShift`, and the histogram on either side of them. */
import { histogramOf } from '@normlab/core'
import { coordinate, line, tag } from '../figure/svg.ts'
import { toneColor, toneFill, type Tone } from '../figure/tone.ts'
import { token } from '../tokens.ts'
import type { Moving } from './movers.ts'

export interface SlopePlace {
  /** x of the two moments. */
  readonly a: number
  readonly b: number
  /** Width of a histogram. */
  readonly side: number
  readonly top: number
  readonly bottom: number
  readonly y: (value: number) => number
  readonly domain: readonly [number, number]
}

/** Grey first, so that what is set off lies on top. */
export function drawLines({ kept }: Moving, place: SlopePlace, tone: Tone | undefined, most: number): string {
  const chosen =
    kept.length <= most
      ? kept
      : Array.from({ length: most }, (_, i) => kept[Math.floor(((i + 0.5) * kept.length) / most)])
  const pathOf = (lit: boolean): string =>
    chosen
      .filter((mover) => mover.lit === lit)
      .map(
        ({ from, to }) =>
          `M${coordinate(place.a)},${coordinate(place.y(from))}L${coordinate(place.b)},${coordinate(place.y(to))}`,
      )
      .join('')
  const draw = (lit: boolean, stroke: string, width: string, opacity: string): string => {
    const d = pathOf(lit)
    return d && tag('path', { d, fill: 'none', stroke, 'stroke-width': width, 'stroke-opacity': opacity })
  }
  const upright = (x: number): string =>
    line(x, place.top, x, place.bottom, { stroke: token('ink'), 'stroke-width': '1' })
  return (
    draw(false, token('muted'), '0.8', '0.4') +
    draw(true, tone ? toneColor(tone) : token('ink'), '1.2', '0.75') +
    upright(place.a) +
    upright(place.b)
  )
}

/** Both sides have the same bins and the same scale, so that their shapes compare. Those set off lie next to the lines. */
export function drawSide(
  { kept }: Moving,
  which: 'from' | 'to',
  place: SlopePlace,
  id: string,
  tone: Tone | undefined,
): string {
  if (kept.length === 0) return ''
  const [min, max] = place.domain
  const bins = Math.max(6, Math.min(28, Math.round(2 * Math.cbrt(kept.length) * 1.6)))
  const count = (side: 'from' | 'to', lit?: boolean): readonly number[] =>
    histogramOf(
      kept.filter((m) => lit === undefined || m.lit === lit).map((m) => m[side]),
      { bins, min, max },
    ).counts
  const highest = Math.max(1, ...count('from'), ...count('to'))
  const scale = (place.side - 4) / highest
  const lit = count(which, true)
  const all = count(which)
  const bar = (i: number, from: number, to: number, attributes: Record<string, string>): string => {
    if (to <= from) return ''
    const [low, high] = [
      place.y(min + ((max - min) * i) / bins),
      place.y(min + ((max - min) * (i + 1)) / bins),
    ]
    const x = which === 'from' ? place.a - to * scale : place.b + from * scale
    return tag('rect', {
      x,
      y: high + 0.5,
      width: (to - from) * scale,
      height: Math.max(0.5, low - high - 1),
      ...attributes,
    })
  }
  const color = tone ? toneColor(tone) : token('ink')
  return all
    .map(
      (n, i) =>
        bar(i, lit[i], n, { fill: token('muted'), 'fill-opacity': '0.35' }) +
        bar(
          i,
          0,
          lit[i],
          tone
            ? { ...toneFill(id, tone), stroke: color, 'stroke-width': '0.8' }
            : { fill: color, 'fill-opacity': '0.6' },
        ),
    )
    .join('')
}
