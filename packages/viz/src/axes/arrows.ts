/** Axis arrows, in the axis's colour, with name and size. */
import { integer } from '../figure/format.ts'
import { SMALL } from '../figure/frame.ts'
import { coordinate, escape, line, tag } from '../figure/svg.ts'
import { textWidth } from '../figure/text.ts'
import { axisColor, token } from '../tokens.ts'
import type { Point } from './faces.ts'
import type { DrawnAxis } from './model.ts'

/** Two lines: `c = 64`, and below it parts, merged loops, and how many are drawn. */
export function labelOf({ names, full, size }: DrawnAxis): { name: string; total: string; detail: string } {
  const total = full.reduce((n, dim) => n * dim.size, 1)
  const parts = new Set(full.map((dim) => dim.name)).size > 1
  const product = full
    .map((dim) => (parts ? `${dim.name} ${integer(dim.size)}` : integer(dim.size)))
    .join(' × ')
  const detail = [full.length > 1 ? product : '', size < total ? `${size} drawn` : '']
    .filter(Boolean)
    .join(', ')
  return { name: names.join(' '), total: integer(total), detail }
}

export function labelWidth(axis: DrawnAxis): number {
  const { name, total, detail } = labelOf(axis)
  return Math.max(textWidth(`${name} = ${total}`, 14.5), textWidth(detail, SMALL * 1.06))
}

export function arrow(from: Point, to: Point, axis: DrawnAxis): string {
  const color = axisColor(axis.dims[0]?.axis ?? '')
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1
  const [dx, dy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length]
  const head = [
    [to[0] + dx * 3, to[1] + dy * 3],
    [to[0] - dx * 6 - dy * 4, to[1] - dy * 6 + dx * 4],
    [to[0] - dx * 6 + dy * 4, to[1] - dy * 6 - dx * 4],
  ]
  const d = `M${head.map((p) => p.map(coordinate).join(',')).join('L')}Z`
  return (
    line(from[0], from[1], to[0] - dx * 4, to[1] - dy * 4, { stroke: color, 'stroke-width': '1.8' }) +
    tag('path', { d, fill: color })
  )
}

/** `y` is the first line's baseline. */
export function label(x: number, y: number, axis: DrawnAxis, anchor: 'start' | 'middle' | 'end'): string {
  const { name, total, detail } = labelOf(axis)
  const color = axisColor(axis.dims[0]?.axis ?? '')
  const attributes = { x, 'text-anchor': anchor }
  return (
    tag(
      'text',
      { ...attributes, y, 'font-size': '14' },
      tag('tspan', { fill: color, 'font-weight': '700' }, escape(name)) + ` = ${escape(total)}`,
    ) +
    (detail &&
      tag(
        'text',
        { ...attributes, y: y + 15, 'font-size': String(SMALL), fill: token('muted') },
        inColor(detail, axis),
      ))
  )
}

/** Names of parts in their colours. */
function inColor(detail: string, { full }: DrawnAxis): string {
  return detail
    .split(/([A-Za-z]\w*)/)
    .map((piece) => {
      const dim = full.find((d) => d.name === piece)
      return dim
        ? tag('tspan', { fill: axisColor(dim.name, dim.axis), 'font-weight': '600' }, piece)
        : escape(piece)
    })
    .join('')
}
