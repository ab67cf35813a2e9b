import { NormlabError } from '@normlab/core'
import { BODY, checkedWidth, choice, frame, HEADING, paragraph } from '../figure/frame.ts'
import { show } from '../figure/show.ts'
import { tag, text } from '../figure/svg.ts'
import { textWidth, wrap } from '../figure/text.ts'
import { token } from '../tokens.ts'
import { draw } from './drawing.ts'
import { formulaOf } from './formula.ts'
import { patternMarkup } from './markup.ts'
import { modelOf, type AxesModel, type AxesOptions } from './model.ts'
import { cellName, factsOf, letter, share } from './words.ts'

const PAD = 12

/**
 * Which elements of an array share a statistic, or a random draw: a row, a table, or a block in isometric projection.
 *
 * Pure: the same SVG string in Node and in every browser. Spatial axes are merged; so are others, until three are left.
 * An array that is too large to see is drawn smaller, and the caption says so.
 * @param pattern such as `'n s (g k) -> n g'`.
 * @param shape sizes of the array's axes.
 * @throws NormlabError naming the argument: as core's `planOf`, and `shape`, `what`, `highlight`, `width`, `id`.
 */
export function axes(pattern: string, shape: readonly number[], options: AxesOptions = {}): string {
  choice('what', options.what, ['statistic', 'mask'])
  const model = modelOf(pattern, shape, options)
  const width = checkedWidth(options.width)
  const highlight = highlightOf(model, options)
  const facts = factsOf(model, options)
  const inner = width - 2 * PAD
  const beside = width >= 520
  const head = options.title
    ? paragraph(PAD, 8, inner, options.title, { size: HEADING, weight: '600' })
    : null
  const top = head ? head.height + 16 : 10

  const most = beside ? inner * 0.58 : inner
  const empty = model.plan.size === 0
  const picture = empty
    ? { markup: text(PAD, top + 16, 'no elements', { fill: token('muted') }), width: 90, height: 24 }
    : draw(model, highlight, PAD, top, most)
  const sideX = beside ? PAD + Math.max(picture.width, Math.min(most, inner * 0.4)) + 28 : PAD
  const side = legend(
    model,
    options,
    highlight,
    sideX,
    beside ? top + 4 : top + picture.height + 12,
    width - PAD - sideX,
  )
  let y = Math.max(top + picture.height, side.bottom) + 8
  const caption = options.caption === false ? null : paragraph(PAD, y, inner, facts.caption)
  y += caption ? caption.height + 6 : 0
  const title =
    options.title ??
    `Which elements share ${options.what === 'mask' ? 'a random draw' : 'a statistic'}: ${options.name ?? pattern}`
  const description = highlight === null ? facts.caption : `${facts.caption} ${facts.cellText(highlight)}.`
  return frame({
    id: options.id,
    width,
    height: y + 4,
    title,
    description,
    body: () => (head?.markup ?? '') + picture.markup + side.markup + (caption?.markup ?? ''),
  })
}

/** @throws NormlabError naming `highlight`. */
function highlightOf({ drawn }: AxesModel, { highlight = 0 }: AxesOptions): number | null {
  if (highlight === null || drawn.size === 0) return null
  if (!Number.isInteger(highlight) || highlight < 0 || highlight >= drawn.cells)
    throw new NormlabError('highlight', show(highlight), `Give a cell from 0 to ${drawn.cells - 1}, or null`)
  return highlight
}

/** The pattern in colour, what the cell set off means, and the formula. */
function legend(
  model: AxesModel,
  options: AxesOptions,
  highlight: number | null,
  x: number,
  y: number,
  room: number,
) {
  const { source } = model.plan.pattern
  const size = Math.min(16, (16 * room) / Math.max(1, source.length * 16 * 0.62))
  let markup = tag(
    'text',
    {
      x,
      y: y + size,
      'font-size': String(Math.round(Math.max(9, size) * 10) / 10),
      'font-family': 'var(--normlab-mono, ui-monospace, monospace)',
      'xml:space': 'preserve',
    },
    patternMarkup(source, 'svg'),
  )
  let bottom = y + size + 8
  if (highlight !== null) {
    const name = letter(highlight, model.drawn.cells)
    const boxWidth = Math.max(20, textWidth(name, BODY) + 10)
    markup +=
      tag('rect', {
        x: x + 1,
        y: bottom + 4,
        width: boxWidth,
        height: 20,
        fill: token('highlight'),
        stroke: token('ink'),
        'stroke-width': '2',
      }) + text(x + 1 + boxWidth / 2, bottom + 18.5, name, { 'text-anchor': 'middle', 'font-weight': '700' })
    const at = cellName(model, highlight)
    const left = x + boxWidth + 11
    if (at) markup += text(left, bottom + 18.5, at, { 'font-weight': '600' })
    bottom += at ? 17 : 0
    const lines = wrap(share(model.drawn.count, options, model.plan.count), BODY, x + room - left)
    markup += lines.map((words, i) => text(left, bottom + 18.5 + 17 * i, words)).join('')
    bottom += 17 * lines.length + (at ? 12 : 16)
  }
  if (options.formula) {
    const lines = formulaOf(model.plan, options, Math.floor(room / (12 * 0.61)))
    const longest = Math.max(...lines.map((l) => l.length))
    const fontSize = Math.min(12.5, room / (longest * 0.61))
    for (const l of lines) {
      bottom += 18
      markup += tag(
        'text',
        {
          x,
          y: bottom,
          'font-size': String(Math.round(Math.max(9, fontSize) * 10) / 10),
          'font-family': 'var(--normlab-mono, ui-monospace, monospace)',
          'xml:space': 'preserve',
        },
        l.markup,
      )
    }
    bottom += 6
  }
  return { markup, bottom }
}
