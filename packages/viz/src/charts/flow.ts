/** A chain of blocks with arrows between them: what a value passes through, and what it is on the way. */
import { NormlabError } from '@normlab/core'
import { list } from '../figure/format.ts'
import { BODY, checkedWidth, choice, frame, HEADING, nothing, paragraph, SMALL } from '../figure/frame.ts'
import type { FrameOptions } from '../figure/frame.ts'
import { show } from '../figure/show.ts'
import { coordinate, line, tag, text } from '../figure/svg.ts'
import { BOLD, fit, textWidth } from '../figure/text.ts'
import { toneColor, toneDefs, toneFill, type Tone } from '../figure/tone.ts'
import { token } from '../tokens.ts'

export interface FlowBlock {
  readonly label: string
  /** Below the label: what the block does. */
  readonly detail?: string
  /** Sets the block off. */
  readonly tone?: Tone
  /** Stands at the arrow that leaves the block; a list is one line each, at most three. */
  readonly passes?: string | readonly string[]
}

export type FlowOptions = FrameOptions

const PAD = 12
const BOX = 46
const MOST = 12

/**
 * Blocks from left to right, or from top to bottom where the width does not hold them.
 * @throws NormlabError naming `blocks` or `width`.
 */
export function flow(blocks: readonly FlowBlock[], options: FlowOptions = {}): string {
  check(blocks)
  const width = checkedWidth(options.width)
  const inner = width - 2 * PAD
  const passing = blocks.map(({ passes = [] }) => (typeof passes === 'string' ? [passes] : passes))
  const boxes = blocks.map(
    ({ label, detail = '' }) => Math.max(textWidth(label, BODY * BOLD), textWidth(detail, SMALL)) + 18,
  )
  const arrows = passing.map((words, i) =>
    i === blocks.length - 1 ? 0 : Math.max(26, ...words.map((word) => textWidth(word, SMALL) + 14)),
  )
  const needed = [...boxes, ...arrows].reduce((a, b) => a + b, 0)
  const across = needed <= inner
  const head = options.title
    ? paragraph(PAD, 8, inner, options.title, { size: HEADING, weight: '600' })
    : null
  const top = (head ? head.height + 12 : 0) + PAD
  const lines = Math.max(0, ...passing.map((words) => words.length))
  const gap = (i: number): number => Math.max(28, passing[i].length * 15 + 12)
  const places = blocks.map((_, i) => {
    return across
      ? {
          x: PAD + (inner - needed) / 2 + before(i, (k) => boxes[k] + arrows[k]),
          y: top + Math.max(0, lines * 15 - BOX / 2 + 8),
          w: boxes[i],
        }
      : { x: PAD, y: top + before(i, (k) => BOX + gap(k)), w: Math.min(inner, 170) }
  })
  const height = places.length ? places.at(-1)!.y + BOX + PAD : top + PAD

  const box = (id: string, { label, detail, tone }: FlowBlock, i: number): string => {
    const { x, y, w } = places[i]
    const middle = { 'text-anchor': 'middle' }
    const paint = tone ? toneFill(`${id}-${i}`, tone) : { fill: token('raised') }
    return (
      (tone ? tag('defs', {}, toneDefs(`${id}-${i}`, tone)) : '') +
      tag('rect', {
        x,
        y,
        width: w,
        height: BOX,
        rx: 4,
        stroke: tone ? toneColor(tone) : token('rule'),
        ...paint,
      }) +
      // Words do not stand on a hatch.
      (tone
        ? tag('rect', {
            x: x + 5,
            y: y + 5,
            width: Math.max(0, w - 10),
            height: BOX - 10,
            rx: 2,
            fill: token('surface'),
          })
        : '') +
      text(x + w / 2, y + (detail ? 20 : 28), fit(label, BODY * BOLD, w - 12), {
        ...middle,
        'font-weight': '600',
      }) +
      (detail
        ? text(x + w / 2, y + 36, fit(detail, SMALL, w - 12), {
            ...middle,
            'font-size': String(SMALL),
            fill: token('muted'),
          })
        : '')
    )
  }
  const arrow = (i: number): string => {
    const { x, y, w } = places[i]
    const said = passing[i]
    const small = { 'font-size': String(SMALL) }
    if (across) {
      const [from, to, at] = [x + w + 3, x + w + arrows[i] - 3, y + BOX / 2]
      return (
        pointed(from, at, to, at) +
        said
          .map((word, k) =>
            text((from + to) / 2 - 2, at - 7 - 15 * (said.length - 1 - k), word, {
              ...small,
              'text-anchor': 'middle',
            }),
          )
          .join('')
      )
    }
    const [at, from, to] = [x + 24, y + BOX + 3, y + BOX + gap(i) - 3]
    const first = (from + to) / 2 + 4 - 7.5 * (said.length - 1)
    return (
      pointed(at, from, at, to) +
      said
        .map((word, k) => text(at + 14, first + 15 * k, fit(word, SMALL, width - at - 14 - PAD), small))
        .join('')
    )
  }
  return frame({
    id: options.id,
    width,
    height,
    title: options.title ?? 'What a value passes through',
    description: describe(blocks, passing),
    body: (id) =>
      (head?.markup ?? '') +
      (blocks.length ? '' : nothing(PAD, top + 8, 'no blocks')) +
      blocks.map((block, i) => box(id, block, i) + (i < blocks.length - 1 ? arrow(i) : '')).join(''),
  })
}

/** What the blocks before the i-th take. */
function before(i: number, size: (k: number) => number): number {
  let sum = 0
  for (let k = 0; k < i; k++) sum += size(k)
  return sum
}

function pointed(x1: number, y1: number, x2: number, y2: number): string {
  const [c, d] = [coordinate(x2), coordinate(y2)]
  const head = x1 === x2 ? `M${c},${d}l-4,-7h8Z` : `M${c},${d}l-7,-4v8Z`
  return (
    line(x1, y1, x2, y2, { stroke: token('ink'), 'stroke-width': '1.3' }) +
    tag('path', { d: head, fill: token('ink') })
  )
}

function describe(blocks: readonly FlowBlock[], passing: readonly (readonly string[])[]): string {
  if (!blocks.length) return 'No blocks.'
  const each = blocks.map(({ label, detail }, i) => {
    const name = detail ? `${label} (${detail})` : label
    return passing[i].length && i < blocks.length - 1 ? `${name} passes on ${list(passing[i])}` : name
  })
  return `In this order: ${each.join('; then ')}.`
}

function check(blocks: readonly FlowBlock[]): void {
  if (!Array.isArray(blocks) || blocks.length > MOST)
    throw new NormlabError('blocks', show(blocks), `Give a list of at most ${MOST} { label, detail, passes }`)
  for (const [i, block] of blocks.entries()) {
    const passes: unknown = block?.passes ?? []
    const words = typeof passes === 'string' ? [passes] : passes
    const said = Array.isArray(words) && words.length <= 3 && words.every((word) => typeof word === 'string')
    if (typeof block?.label !== 'string' || !said || !['string', 'undefined'].includes(typeof block.detail))
      throw new NormlabError(`blocks[${i}]`, show(block), 'Give { label, detail, passes: up to three lines }')
    choice(`blocks[${i}].tone`, block.tone, ['without', 'with'])
  }
}
