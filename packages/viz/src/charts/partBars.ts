/** Signed parts that add up: those above 0 stack to the right, those below to the left, a diamond marks their sum. */
import { NormlabError } from '@normlab/core'
import { list, number } from '../figure/format.ts'
import { BODY, frame, SMALL } from '../figure/frame.ts'
import { show } from '../figure/show.ts'
import { coordinate, line, tag, text, type Attributes } from '../figure/svg.ts'
import { textWidth } from '../figure/text.ts'
import { token } from '../tokens.ts'
import { domainWithZero, layOut, type BarOptions } from './rows.ts'

export interface PartRow {
  readonly label: string
  /** Finite values. The same names in each row, in one order. */
  readonly parts: readonly { readonly name: string; readonly value: number }[]
}

const ROW = 34
const BAR = 16

export function partBars(rows: readonly PartRow[], width: number, options: BarOptions): string {
  for (const [i, row] of rows.entries())
    for (const part of row.parts ?? [])
      if (typeof part?.name !== 'string' || !Number.isFinite(part.value))
        throw new NormlabError(`rows[${i}].parts`, show(part), 'Give { name, value } with a finite value')
  const names = [...new Set(rows.flatMap((row) => row.parts.map((part) => part.name)))]
  const sums = rows.flatMap((row) => {
    const values = row.parts.map((part) => part.value)
    return [values.filter((v) => v > 0), values.filter((v) => v < 0)].map((side) =>
      side.reduce((a, b) => a + b, 0),
    )
  })
  const domain = domainWithZero(sums, options.domain)
  const nets = rows.map((row) => row.parts.reduce((sum, part) => sum + part.value, 0))
  const valueWidth = Math.max(30, ...nets.map((net) => textWidth(signed(net), BODY))) + 12
  const lines = keyLines(names, width)
  const keyHeight = lines.length * 19 + 14
  const layout = layOut(
    rows.map((row) => row.label),
    width,
    ROW,
    domain,
    valueWidth,
    options,
    keyHeight,
  )
  const above = layout.left < 20 ? 20 : 0
  const keyTop = Math.min(...layout.tops, layout.height) - keyHeight - above + 2
  const x = (value: number): number => layout.x(Math.max(domain[0], Math.min(domain[1], value)))
  return frame({
    id: options.id,
    width,
    height: layout.height,
    title: options.title ?? `${options.xLabel ?? 'Values'} in parts`,
    description: rows.length
      ? `${list(rows.map((row, i) => `${row.label}: ${row.parts.map((part) => `${part.name} ${signed(part.value)}`).join(', ')}, together ${signed(nets[i])}`))}.`
      : 'No rows.',
    body: (id) =>
      tag('defs', {}, patterns(id)) +
      layout.markup +
      drawKey(id, names, lines, keyTop) +
      rows.map((row, i) => drawRow(id, row, nets[i], layout.tops[i] + 8, x, names)).join('') +
      text(layout.right + 10, keyTop + keyHeight - 12, rows.length ? 'net' : '', {
        'font-size': String(SMALL),
        fill: token('muted'),
      }) +
      nets.map((net, i) => text(layout.right + 10, layout.tops[i] + 8 + BAR - 4, signed(net))).join(''),
  })
}

const signed = (value: number): string => (value > 0 ? `+${number(value)}` : number(value))

/** Plain dark, hatched, dotted, outlined: parts are told apart without colour. */
function fillOf(id: string, index: number): Attributes {
  const stroke = { stroke: token('ink'), 'stroke-width': '1' }
  return [
    { fill: token('muted'), ...stroke },
    { fill: `url(#${id}-lines)`, ...stroke },
    { fill: `url(#${id}-dots)`, ...stroke },
    { fill: token('surface'), ...stroke },
  ][index % 4]
}

function patterns(id: string): string {
  const base = { width: '6', height: '6', patternUnits: 'userSpaceOnUse' }
  const ground = tag('rect', { width: 6, height: 6, fill: token('surface') })
  return (
    tag(
      'pattern',
      { id: `${id}-lines`, ...base, patternTransform: 'rotate(45)' },
      ground + line(0, 3, 6, 3, { stroke: token('muted'), 'stroke-width': '2' }),
    ) +
    tag(
      'pattern',
      { id: `${id}-dots`, ...base },
      ground + tag('circle', { cx: 3, cy: 3, r: 1.3, fill: token('muted') }),
    )
  )
}

function drawRow(
  id: string,
  row: PartRow,
  net: number,
  y: number,
  x: (v: number) => number,
  names: readonly string[],
): string {
  let [plus, minus] = [0, 0]
  let markup = ''
  for (const { name, value } of row.parts) {
    const from = value >= 0 ? plus : minus
    const to = from + value
    if (value >= 0) plus = to
    else minus = to
    const [a, b] = [x(Math.min(from, to)), x(Math.max(from, to))]
    const said = signed(value)
    markup += tag('rect', { x: a, y, width: b - a, height: BAR, ...fillOf(id, names.indexOf(name)) })
    if (b - a > textWidth(said, SMALL) + 12) {
      const half = textWidth(said, SMALL) / 2 + 3
      const middle = (a + b) / 2
      markup += tag('rect', {
        x: middle - half,
        y: y + 2,
        width: 2 * half,
        height: BAR - 4,
        fill: token('surface'),
        rx: 2,
      })
      markup += text(middle, y + BAR - 4, said, { 'font-size': String(SMALL), 'text-anchor': 'middle' })
    }
  }
  const at = x(net)
  const zero = line(x(0), y - 5, x(0), y + BAR + 5, { stroke: token('ink'), 'stroke-width': '1.2' })
  const diamond = `M${coordinate(at)},${coordinate(y + BAR - 2)}l5,6.5l-5,6.5l-5,-6.5Z`
  return (
    markup +
    zero +
    tag('path', { d: diamond, fill: token('ink'), stroke: token('surface'), 'stroke-width': '1' })
  )
}

interface KeyItem {
  index: number
  x: number
}

function keyLines(names: readonly string[], width: number): KeyItem[][] {
  const lines: KeyItem[][] = [[]]
  let x = 12
  names.forEach((name, index) => {
    const room = textWidth(name, BODY) + 44
    if (x + room > width - 12 && lines.at(-1)!.length) {
      lines.push([])
      x = 12
    }
    lines.at(-1)!.push({ index, x })
    x += room
  })
  return lines
}

function drawKey(id: string, names: readonly string[], lines: readonly KeyItem[][], top: number): string {
  return lines
    .flatMap((items, row) =>
      items.map(
        ({ index, x }) =>
          tag('rect', { x: x + 0.5, y: top + row * 19, width: 20, height: 12, ...fillOf(id, index) }) +
          text(x + 27, top + 10.5 + row * 19, names[index]),
      ),
    )
    .join('')
}
