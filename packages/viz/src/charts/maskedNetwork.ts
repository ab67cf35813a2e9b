/** A layered network: every unit, what it gives, and which ones a mask has dropped. */
import { NormlabError } from '@normlab/core'
import { list, number } from '../figure/format.ts'
import {
  BODY,
  checkedWidth,
  frame,
  HEADING,
  nothing,
  paragraph,
  SMALL,
  type FrameOptions,
} from '../figure/frame.ts'
import { show } from '../figure/show.ts'
import { coordinate, line, tag, text } from '../figure/svg.ts'
import { fit, textWidth } from '../figure/text.ts'
import { token } from '../tokens.ts'

export interface UnitLayer {
  readonly label: string
  /** What each unit gives; one entry a unit. */
  readonly values: ArrayLike<number>
  /** 0 where a unit is dropped, as `draw` of `@normlab/core` has it. Default: all are kept. */
  readonly kept?: ArrayLike<number>
}

export interface NetworkOptions extends FrameOptions {
  /** A sentence below. */
  caption?: string
}

/** More would not be told apart. */
const MOST = { layers: 8, units: 16 }
const PAD = 12

/**
 * Units as circles, layer after layer from left to right, joined where both ends are kept. A dropped unit is crossed out,
 * has a broken outline and no connections.
 * @throws NormlabError naming `layers` or `width`.
 */
export function maskedNetwork(layers: readonly UnitLayer[], options: NetworkOptions = {}): string {
  const width = checkedWidth(options.width)
  check(layers)
  const room = width - 2 * PAD
  const pitch = room / Math.max(1, layers.length)
  const radius = Math.min(19, pitch * 0.36)
  const most = Math.max(1, ...layers.map(({ values }) => values.length))
  const rowHeight = 2 * radius + 9
  const head = options.title ? paragraph(PAD, 8, room, options.title, { size: HEADING, weight: '600' }) : null
  const top = head ? head.height + 18 : 12
  const bottom = top + most * rowHeight
  const caption = options.caption ? paragraph(PAD, bottom + 48, room, options.caption) : null
  const units = layers.map(({ values, kept }, l) =>
    Array.from({ length: values.length }, (_, i) => ({
      x: PAD + pitch * (l + 0.5),
      y: top + rowHeight * (i + 0.5 + (most - values.length) / 2),
      value: values[i],
      kept: kept === undefined || kept[i] !== 0,
    })),
  )
  const wires = units.slice(1).map((to, l) => {
    const d = units[l]
      .filter(({ kept }) => kept)
      .flatMap((a) =>
        to
          .filter(({ kept }) => kept)
          .map(
            (b) =>
              `M${coordinate(a.x + radius)},${coordinate(a.y)}L${coordinate(b.x - radius)},${coordinate(b.y)}`,
          ),
      )
      .join('')
    return d && tag('path', { d, fill: 'none', stroke: token('rule'), 'stroke-width': '1' })
  })
  return frame({
    id: options.id,
    width,
    height: bottom + 52 + (caption?.height ?? 0),
    title: options.title ?? 'A network and its masks',
    description: describe(layers),
    body: () =>
      (head?.markup ?? '') +
      (layers.length ? '' : nothing(PAD, bottom, 'no layers')) +
      wires.join('') +
      units.flatMap((column) => column.map((unit) => drawn(unit, radius))).join('') +
      layers
        .map((layer, l) => {
          const middle = { 'text-anchor': 'middle', 'font-size': String(SMALL) }
          const x = PAD + pitch * (l + 0.5)
          const lost = droppedOf(layer).length
          return (
            text(x, bottom + 16, fit(layer.label, BODY, pitch - 2), { ...middle, 'font-weight': '600' }) +
            (layer.kept
              ? text(
                  x,
                  bottom + 32,
                  fit(`${layer.values.length - lost} of ${layer.values.length}`, SMALL, pitch),
                  {
                    ...middle,
                    fill: token('muted'),
                  },
                )
              : '')
          )
        })
        .join('') +
      (caption?.markup ?? ''),
  })
}

interface Unit {
  readonly x: number
  readonly y: number
  readonly value: number
  readonly kept: boolean
}

function drawn({ x, y, value, kept }: Unit, radius: number): string {
  if (!kept) {
    const arm = radius * 0.5
    const cross = { stroke: token('without'), 'stroke-width': '1.8' }
    return (
      tag('circle', {
        cx: x,
        cy: y,
        r: radius,
        fill: 'none',
        stroke: token('without'),
        'stroke-dasharray': '3 3',
      }) +
      line(x - arm, y - arm, x + arm, y + arm, cross) +
      line(x - arm, y + arm, x + arm, y - arm, cross)
    )
  }
  const word = number(value, 2)
  return (
    tag('circle', {
      cx: x,
      cy: y,
      r: radius,
      fill: token('cell-1'),
      stroke: token('axis-n'),
      'stroke-width': '1.5',
    }) +
    (textWidth(word, SMALL) <= 2 * radius - 3
      ? text(x, y + 4, word, { 'text-anchor': 'middle', 'font-size': String(SMALL) })
      : '')
  )
}

const droppedOf = ({ values, kept }: UnitLayer): number[] =>
  Array.from({ length: values.length }, (_, i) => i).filter((i) => kept?.[i] === 0)

function describe(layers: readonly UnitLayer[]): string {
  const each = layers.map((layer) => {
    const count = layer.values.length
    const lost = droppedOf(layer)
    const which = list(lost.map((i) => String(i + 1)))
    return `${layer.label}: ${count} ${count === 1 ? 'unit' : 'units'}${
      lost.length ? `, dropped ${which}` : layer.kept ? ', none dropped' : ''
    }.`
  })
  return each.length ? each.join(' ') : 'No layer.'
}

function check(layers: readonly UnitLayer[]): void {
  if (!Array.isArray(layers) || layers.length > MOST.layers)
    throw new NormlabError(
      'layers',
      show(layers),
      `Give a list of at most ${MOST.layers}: { label, values, kept }`,
    )
  for (const [i, layer] of layers.entries()) {
    const units = layer?.values?.length
    if (typeof layer?.label !== 'string' || !Number.isInteger(units) || units > MOST.units)
      throw new NormlabError(
        `layers[${i}]`,
        show(layer),
        `Give { label, values } of at most ${MOST.units} units`,
      )
    if (layer.kept !== undefined && layer.kept.length !== units)
      throw new NormlabError(`layers[${i}].kept`, show(layer.kept), `Give one entry a unit, ${units}`)
  }
}
