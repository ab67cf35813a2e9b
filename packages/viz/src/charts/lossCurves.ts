import { NormlabError } from '@normlab/core'
import { list, number } from '../figure/format.ts'
import {
  BODY,
  checkedNumber,
  checkedWidth,
  choice,
  frame,
  halo,
  HEADING,
  nothing,
  paragraph,
  SMALL,
} from '../figure/frame.ts'
import type { FrameOptions } from '../figure/frame.ts'
import { padded } from '../figure/range.ts'
import { show } from '../figure/show.ts'
import { tag, text } from '../figure/svg.ts'
import { BOLD, fit, textWidth } from '../figure/text.ts'
import { toneColor, type Tone } from '../figure/tone.ts'
import { xAxis, xAxisHeight } from '../figure/xAxis.ts'
import { token } from '../tokens.ts'
import { extent, marker, pathOf, placeLabels, runsOf } from './curves.ts'
import { decimate, type XY } from './decimate.ts'
import { labelsWidth, scaleOf, yAxis } from './yAxis.ts'

export interface Series {
  readonly name: string
  readonly tone?: Tone
  /** Training is drawn solid, inference dashed. Default training. */
  readonly phase?: 'training' | 'inference'
  /** `[x, y]`, x rising. A y that is not finite breaks the line. */
  readonly points: readonly XY[]
}

export interface CurveOptions extends FrameOptions {
  /** Default `step` and `loss`. */
  xLabel?: string
  yLabel?: string
  /** Default linear. On a log axis, values of 0 and below are left out, and counted in a note. */
  yScale?: 'linear' | 'log'
  /** Default: that of the data. */
  yDomain?: readonly [number, number]
  /** Height of the plot in px, 60 to 1000. Default 200. */
  height?: number
  /** A sentence below. */
  caption?: string
}

const PAD = 12
const UNTONED = ['ink', 'muted', 'axis-s', 'axis-g'] as const

/**
 * Curves over training, each labelled at its end. Decimated to the least and the greatest value a pixel.
 * @throws NormlabError naming `series`, or the option.
 */
export function lossCurves(series: readonly Series[], options: CurveOptions = {}): string {
  checkSeries(series)
  choice('yScale', options.yScale, ['linear', 'log'])
  const width = checkedWidth(options.width)
  const plotHeight = checkedNumber('height', options.height ?? 200, 60, 1000)
  const log = options.yScale === 'log'
  const usable = ([x, y]: XY): boolean => Number.isFinite(x) && Number.isFinite(y) && (!log || y > 0)
  const all = series.flatMap((one) => one.points.filter(usable))
  const total = series.reduce((n, one) => n + one.points.length, 0)
  const [yMin, yMax] =
    options.yDomain ??
    extent(
      all.map((p) => p[1]),
      log ? [0.1, 1] : [0, 1],
    )
  if (!(yMin <= yMax && (!log || yMin > 0) && Number.isFinite(yMax - yMin)))
    throw new NormlabError(
      'yDomain',
      show([yMin, yMax]),
      log ? 'Give [min, max] above 0' : 'Give [min, max], finite',
    )
  const y0 = scaleOf(yMin, yMax, log, Math.max(3, Math.round(plotHeight / 45)))
  const [xMin, xMax] = extent(
    all.map((p) => p[0]),
    [0, 1],
  )
  const domain = padded(xMin, xMax)

  const nameOf = (one: Series): string => (one.points.some(usable) ? one.name : `${one.name} (no value)`)
  const head = options.title
    ? paragraph(PAD, 8, width - 2 * PAD, options.title, { size: HEADING, weight: '600' })
    : null
  const top = (head ? head.height + 12 : 8) + 26
  const bottom = top + plotHeight
  const left = PAD + labelsWidth(y0) + 8
  const widest = Math.max(0, ...series.map((one) => textWidth(nameOf(one), BODY * BOLD) + 16))
  const right = width - PAD - Math.min(widest, width * 0.36)
  const x = (value: number): number => left + ((value - domain[0]) / (domain[1] - domain[0])) * (right - left)
  const y = (value: number): number => Math.max(-1e4, Math.min(1e4, bottom - y0.at(value) * plotHeight))

  const ends = placeLabels(
    series
      .map((one) => one.points.findLast(usable))
      .map((p) => (p ? Math.min(bottom, Math.max(top, y(p[1]))) : bottom)),
    top,
    bottom,
  )
  const shown = series.map((one, i) => {
    const color = one.tone ? toneColor(one.tone) : token(UNTONED[i % UNTONED.length])
    const name = fit(nameOf(one), BODY * BOLD, width - right - 15)
    const end = one.points.findLast(usable)
    const d = runsOf(one.points, usable)
      .map((run) => pathOf(decimate(run, x), x, y))
      .join('')
    const dash = one.phase === 'inference' ? '5 3' : undefined
    return (
      (d &&
        tag('path', {
          d,
          fill: 'none',
          stroke: color,
          'stroke-width': '1.7',
          'stroke-linejoin': 'round',
          'stroke-dasharray': dash,
          'clip-path': 'url(#ID-clip)',
        })) +
      (end
        ? tag('path', {
            d: marker(i, one.tone, x(end[0]) + 5, Math.min(bottom, Math.max(top, y(end[1])))),
            fill: one.tone === 'without' ? token('surface') : color,
            stroke: color,
            'stroke-width': '1.5',
          })
        : '') +
      text(right + 13, ends[i] + 4, name, {
        fill: color,
        'font-weight': '600',
        ...halo,
      })
    )
  })
  let below = bottom + xAxisHeight(options.xLabel ?? 'step', width) + 6
  const caption = options.caption ? paragraph(PAD, below, width - 2 * PAD, options.caption) : null
  below += caption ? caption.height + 4 : 0
  const missing = total - all.length
  const why = log ? 'not finite, or not above 0' : 'not finite'
  const note = missing
    ? paragraph(PAD, below, width - 2 * PAD, `${missing} of ${total} values are left out: ${why}.`, {
        size: SMALL,
        color: token('muted'),
      })
    : null
  below += note ? note.height + 4 : 0
  const yLabel = options.yLabel ?? 'loss'
  return frame({
    id: options.id,
    width,
    height: below + 4,
    title: options.title ?? `${yLabel} over ${options.xLabel ?? 'steps'}`,
    description: describe(series, usable, yLabel),
    body: (id) =>
      tag(
        'defs',
        {},
        tag(
          'clipPath',
          { id: `${id}-clip` },
          tag('rect', { x: left, y: top - 2, width: Math.max(0, right - left + 1), height: plotHeight + 4 }),
        ),
      ) +
      (head?.markup ?? '') +
      text(PAD, top - 12, fit(`${yLabel}${log ? ' (log scale)' : ''}`, BODY, width - 2 * PAD)) +
      yAxis(y0, y, left, right) +
      xAxis({ domain, x, left, right, top: bottom, bottom, label: options.xLabel ?? 'step', width }) +
      (series.length ? '' : nothing(left + 8, top + 18, 'no curves')) +
      shown.join('').replaceAll('url(#ID-clip)', `url(#${id}-clip)`) +
      (caption?.markup ?? '') +
      (note?.markup ?? ''),
  })
}

function checkSeries(series: readonly Series[]): void {
  if (!Array.isArray(series))
    throw new NormlabError('series', show(series), 'Give a list of { name, points }')
  for (const [i, one] of series.entries()) {
    if (typeof one?.name !== 'string' || !Array.isArray(one.points))
      throw new NormlabError(`series[${i}]`, show(one), 'Give { name, points: [x, y][] }')
    choice(`series[${i}].tone`, one.tone, ['without', 'with'])
    choice(`series[${i}].phase`, one.phase, ['training', 'inference'])
  }
}

function describe(series: readonly Series[], usable: (point: XY) => boolean, yLabel: string): string {
  const each = series.map((one) => {
    const points = one.points.filter(usable)
    if (!points.length) return `${one.name} has no value`
    return `${one.name} goes from ${number(points[0][1])} to ${number(points.at(-1)![1])}`
  })
  return each.length ? `The ${yLabel}: ${list(each)}.` : 'No curve.'
}
