/** A layered network in which every unit is a box with a small histogram of each point that its value passes. */
import { histogramOf, NormlabError, summaryOf } from '@normlab/core'
import { list, meanStd } from '../figure/format.ts'
import {
  checkedWidth,
  choice,
  frame,
  HEADING,
  nothing,
  paragraph,
  SMALL,
  type FrameOptions,
} from '../figure/frame.ts'
import { padded } from '../figure/range.ts'
import { show } from '../figure/show.ts'
import { coordinate, line, tag, text } from '../figure/svg.ts'
import { BOLD, fit, textWidth } from '../figure/text.ts'
import { token } from '../tokens.ts'
import { barsPath } from './bars.ts'
import { fillDefs, fillOf, FILLS, type Fill } from './fills.ts'

export interface PointOfUnit {
  /** What the point is called: `pre-activation`. */
  readonly label: string
  /** Over the examples. */
  readonly values: ArrayLike<number>
  readonly fill?: Fill
}
export interface LayerOfUnits {
  readonly label: string
  /** Each unit's points in the order in which its value passes them, one to four. */
  readonly units: readonly (readonly PointOfUnit[])[]
}
export interface UnitNetworkOptions extends FrameOptions {
  /** The unit that is set off: layer and unit, from 0. */
  tapped?: readonly [layer: number, unit: number]
  /** A sentence below. */
  caption?: string
}
export interface UnitPlace {
  readonly layer: number
  readonly unit: number
  /** Of the box, in px of the figure. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const MOST = { layers: 6, units: 12, points: 4 }
const PAD = 8
const BOX = 30
const PITCH = 40
const BINS = 14

interface Layout {
  readonly places: readonly UnitPlace[]
  readonly below: number
  readonly markup: string
  readonly height: number
}

/**
 * Where each unit's box stands in the figure that these options give, and the figure's height: for controls laid over it.
 * @throws NormlabError naming `layers` or `width`.
 */
export function unitPlaces(
  layers: readonly LayerOfUnits[],
  options: UnitNetworkOptions = {},
): { readonly places: readonly UnitPlace[]; readonly height: number } {
  check(layers)
  const { places, height } = layOut(layers, checkedWidth(options.width), options)
  return { places, height }
}

function layOut(layers: readonly LayerOfUnits[], width: number, options: UnitNetworkOptions): Layout {
  const inner = width - 2 * PAD
  const head = options.title
    ? paragraph(PAD, 8, inner, options.title, { size: HEADING, weight: '600' })
    : null
  const top = (head ? head.height + 12 : 0) + 22
  const points = layers.map(({ units }) => Math.max(1, ...units.map((unit) => unit.length)))
  const all = points.reduce((a, b) => a + b, 0)
  const gaps = Math.max(0, layers.length - 1)
  const chamber = Math.min(40, (inner - gaps * Math.min(70, inner * 0.08)) / Math.max(1, all))
  const between = gaps ? (inner - chamber * all) / gaps : 0
  const most = Math.max(1, ...layers.map(({ units }) => units.length))
  let x = PAD
  const places = layers.flatMap(({ units }, layer) => {
    const left = x
    x += points[layer] * chamber + between
    return units.map((_, unit) => ({
      layer,
      unit,
      x: left,
      y: top + PITCH * (unit + (most - units.length) / 2) + (PITCH - BOX) / 2,
      width: points[layer] * chamber,
      height: BOX,
    }))
  })
  const below = top + PITCH * most
  const caption = options.caption ? paragraph(PAD, below + 2, inner, options.caption, { size: SMALL }) : null
  return {
    places,
    below,
    markup: (head?.markup ?? '') + (caption?.markup ?? ''),
    height: below + (caption ? caption.height + 8 : 6),
  }
}

/**
 * Boxes in layers from left to right. A box has a chamber for each point of its unit, with a histogram that starts and ends
 * where that unit's other chambers do. Wires into the tapped unit are drawn strong.
 * @throws NormlabError naming `layers`, `tapped` or `width`.
 */
export function unitNetwork(layers: readonly LayerOfUnits[], options: UnitNetworkOptions = {}): string {
  check(layers)
  const width = checkedWidth(options.width)
  const { places, markup, height } = layOut(layers, width, options)
  const { tapped } = options
  const isTapped = ({ layer, unit }: UnitPlace): boolean => layer === tapped?.[0] && unit === tapped[1]
  if (tapped && !places.some(isTapped))
    throw new NormlabError('tapped', show(tapped), 'Give a layer and a unit of it, from 0')

  const wires = (strong: boolean): string => {
    const d = places.flatMap((to) =>
      to.layer > 0 && isTapped(to) === strong
        ? places
            .filter(({ layer }) => layer === to.layer - 1)
            .map(
              (from) =>
                `M${coordinate(from.x + from.width)},${coordinate(from.y + BOX / 2)}L${coordinate(to.x)},${coordinate(to.y + BOX / 2)}`,
            )
        : [],
    )
    const stroke = strong
      ? { stroke: token('ink'), 'stroke-width': '1.6' }
      : { stroke: token('grid'), 'stroke-width': '1' }
    return d.length ? tag('path', { d: d.join(''), fill: 'none', ...stroke }) : ''
  }
  const label = (layer: LayerOfUnits, l: number): string => {
    const first = places.find((place) => place.layer === l)
    if (!first) return ''
    const words = fit(layer.label, SMALL * BOLD, width / Math.max(1, layers.length))
    const half = (textWidth(words, SMALL) * BOLD) / 2 + 2
    const middle = Math.max(half, Math.min(width - half, first.x + first.width / 2))
    const top = Math.min(...places.map(({ y }) => y)) - (PITCH - BOX) / 2
    return text(middle, top - 8, words, {
      'text-anchor': 'middle',
      'font-size': String(SMALL),
      'font-weight': '600',
    })
  }
  return frame({
    id: options.id,
    width,
    height,
    title: options.title ?? 'A network, unit by unit',
    description: describe(layers, tapped),
    body: (id) =>
      fillDefs(id) +
      markup +
      (layers.length ? '' : nothing(PAD, height - 18, 'no layers')) +
      wires(false) +
      wires(true) +
      places.map((place) => box(id, place, layers[place.layer].units[place.unit], isTapped(place))).join('') +
      layers.map(label).join(''),
  })
}

function box(id: string, place: UnitPlace, points: readonly PointOfUnit[], tapped: boolean): string {
  const { x, y, width, height } = place
  const chamber = width / Math.max(1, points.length)
  const finite = points.map(({ values }) => Array.from(values).filter((value) => Number.isFinite(value)))
  let [min, max] = [Infinity, -Infinity]
  for (const value of finite.flat()) [min, max] = [Math.min(min, value), Math.max(max, value)]
  ;[min, max] = min <= max ? padded(min, max) : [0, 1]
  const chambers = points.map((point, k) => {
    const { counts } = histogramOf(finite[k], { bins: BINS, min, max })
    const d = barsPath(counts, {
      left: x + k * chamber + 2,
      width: chamber - 4,
      base: y + height - 2,
      height: height - 6,
    })
    return (
      (d && tag('path', { d, ...fillOf(id, point.fill ?? 'solid'), 'stroke-width': '0.6' })) +
      (k
        ? line(x + k * chamber, y, x + k * chamber, y + height, {
            stroke: token('rule'),
            'stroke-dasharray': '2 2',
          })
        : '')
    )
  })
  const outline = { x, y, width, height, rx: 3 }
  return (
    (tapped
      ? tag('rect', {
          x: x - 3.5,
          y: y - 3.5,
          width: width + 7,
          height: height + 7,
          rx: 5,
          fill: token('highlight'),
        })
      : '') +
    tag('rect', { ...outline, fill: token('surface') }) +
    chambers.join('') +
    tag('rect', {
      ...outline,
      fill: 'none',
      stroke: token(tapped ? 'ink' : 'rule'),
      'stroke-width': tapped ? '2' : '1',
    })
  )
}

function describe(layers: readonly LayerOfUnits[], tapped?: readonly [number, number]): string {
  if (!layers.length) return 'No layer.'
  const each = layers.map(
    ({ label, units }) => `${label}: ${units.length} ${units.length === 1 ? 'unit' : 'units'}`,
  )
  const points = tapped ? layers[tapped[0]].units[tapped[1]] : []
  const said = points.map(({ label, values }) => {
    const { count, mean, variance } = summaryOf(values)
    return count ? `${label} mean ${meanStd(mean, Math.sqrt(variance))}` : `${label} without a value`
  })
  return `${each.join(', ')}.${tapped ? ` Set off: ${layers[tapped[0]].label}, unit ${tapped[1] + 1}${said.length ? `; ${list(said)}` : ''}.` : ''}`
}

function check(layers: readonly LayerOfUnits[]): void {
  if (!Array.isArray(layers) || layers.length > MOST.layers)
    throw new NormlabError('layers', show(layers), `Give a list of at most ${MOST.layers}: { label, units }`)
  for (const [i, layer] of layers.entries()) {
    if (typeof layer?.label !== 'string' || !Array.isArray(layer.units) || layer.units.length > MOST.units)
      throw new NormlabError(
        `layers[${i}]`,
        show(layer),
        `Give { label, units } of at most ${MOST.units} units`,
      )
    for (const [u, points] of layer.units.entries()) {
      const where = `layers[${i}].units[${u}]`
      if (!Array.isArray(points) || !points.length || points.length > MOST.points)
        throw new NormlabError(where, show(points), `Give one to ${MOST.points} points: { label, values }`)
      for (const [p, point] of points.entries()) {
        if (typeof point?.label !== 'string' || !(point.values?.length >= 0))
          throw new NormlabError(`${where}[${p}]`, show(point), 'Give { label, values, fill }')
        choice(`${where}[${p}].fill`, point.fill, FILLS)
      }
    }
  }
}
