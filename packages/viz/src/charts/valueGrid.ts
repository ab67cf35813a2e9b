/** Arrays as grids of their numbers: elements that share a statistic share a tint. */
import { cellIndex, NormlabError, type Plan } from '@normlab/core'
import { fixed, integer } from '../figure/format.ts'
import {
  BODY,
  checkedNumber,
  checkedWidth,
  frame,
  HEADING,
  SMALL,
  type FrameOptions,
} from '../figure/frame.ts'
import { show } from '../figure/show.ts'
import { coordinate, line, tag, text } from '../figure/svg.ts'
import { BOLD, fit, textWidth } from '../figure/text.ts'
import { TINTS, token, type TokenName } from '../tokens.ts'

export interface GridPanel {
  readonly label: string
  readonly data: ArrayLike<number>
  /** Row-major. The last axis runs along a row; the others stand below one another. */
  readonly shape: readonly number[]
}

export interface GridOptions extends FrameOptions {
  /** Which elements share a statistic, over the panels' shape. Left out: no tint. */
  plan?: Plan
  /** A cell of the plan to set off, as `axes` does. Default null: none. */
  highlight?: number | null
  /** Decimals. Default 2. */
  digits?: number
}

/** More would not be read. */
const MOST = 400
const ROW = 22
const GAP = 8
const PAD = 12

/**
 * The numbers of several arrays of one shape, such as x and y, beside one another or, where there is no room, below.
 * @throws NormlabError naming `panels`, `plan`, `highlight`, `width` or `digits`.
 */
export function valueGrid(panels: readonly GridPanel[], options: GridOptions = {}): string {
  const width = checkedWidth(options.width)
  const digits = checkedNumber('digits', options.digits ?? 2, 0, 6)
  check(panels, options.plan)
  const cells = options.plan && cellIndex(options.plan)
  const highlight = highlightOf(options)
  const shared = options.plan !== undefined && options.plan.count > 1
  const shape = panels[0]?.shape ?? [0]
  const columns = shape.at(-1) ?? 1
  const room = width - 2 * PAD
  const said = sayings(panels, digits, room / Math.max(1, columns))
  const rows = columns ? size(shape) / columns : 0
  const blocks = shape.length > 2 && rows > 0 ? shape[0] : 1
  const cellWidth = Math.max(24, ...said.flat().map((word) => textWidth(word, SMALL) + 14))
  const panelWidth = Math.min(room, columns * cellWidth)
  const abreast = Math.max(1, Math.min(panels.length, Math.floor((room + 28) / (panelWidth + 28))))
  const panelHeight = 24 + rows * ROW + Math.max(0, blocks - 1) * GAP
  const top = options.title ? 34 : 8
  const height = top + Math.ceil(panels.length / abreast) * (panelHeight + 18)
  return frame({
    id: options.id,
    width,
    height,
    title: options.title ?? panels.map(({ label }) => label).join(', '),
    description:
      panels
        .map(
          ({ label, shape: of }, i) =>
            `${label}, ${of.join(' by ') || 'one number'}: ${said[i].slice(0, 48).join(', ')}${said[i].length > 48 ? ' and so on' : ''}.`,
        )
        .join(' ') +
      (shared
        ? ` ${options.plan!.cells === 1 ? 'They are one cell' : `They fall into ${integer(options.plan!.cells)} cells of ${integer(options.plan!.count)}`}.`
        : ''),
    body: () =>
      (options.title
        ? text(PAD, 22, fit(options.title, HEADING * BOLD, room), {
            'font-size': String(HEADING),
            'font-weight': '600',
          })
        : '') +
      panels
        .map((panel, p) => {
          const x0 = PAD + (p % abreast) * (panelWidth + 28)
          const y0 = top + Math.floor(p / abreast) * (panelHeight + 18)
          const w = panelWidth / Math.max(columns, 1)
          const place = (i: number): { x: number; y: number } => {
            const row = Math.floor(i / columns)
            return {
              x: x0 + (i % columns) * w,
              y: y0 + 24 + row * ROW + Math.floor((row * blocks) / rows) * GAP,
            }
          }
          // One path a tint, so that the markup stays small.
          const tints = Map.groupBy(said[p].keys(), (i) => (shared ? cells![i] % TINTS : -1))
          const boxes = [...tints].map(([tint, indices]) =>
            tag('path', {
              d: indices.map((i) => box(place(i), w)).join(''),
              fill: token(tint < 0 ? 'raised' : (`cell-${tint + 1}` as TokenName)),
            }),
          )
          const chosen =
            highlight === null
              ? ''
              : tag('path', {
                  d: [...said[p].keys()]
                    .filter((i) => cells![i] === highlight)
                    .map((i) => box(place(i), w))
                    .join(''),
                  fill: token('highlight'),
                  stroke: token('ink'),
                })
          const words = said[p].map((word, i) =>
            text(place(i).x + w - 5, place(i).y + 15, fit(word, SMALL, w - 2)),
          )
          return (
            text(x0, y0 + 15, fit(panel.label, BODY * BOLD, panelWidth), { 'font-weight': '600' }) +
            line(x0, y0 + 21, x0 + panelWidth, y0 + 21, { stroke: token('rule') }) +
            tag('g', { stroke: token('surface') }, boxes.join('')) +
            chosen +
            tag('g', { 'font-size': String(SMALL), 'text-anchor': 'end' }, words.join(''))
          )
        })
        .join(''),
  })
}

/** The numbers in words: with fewer decimals where a column is too narrow for all of them. */
function sayings(panels: readonly GridPanel[], digits: number, width: number): string[][] {
  const said = panels.map(({ data }) => Array.from(data, (value) => fixed(value, digits)))
  const narrow = said.flat().some((word) => textWidth(word, SMALL) > width - 2.5)
  return narrow && digits > 0 ? sayings(panels, digits - 1, width) : said
}

const box = ({ x, y }: { x: number; y: number }, w: number): string =>
  `M${coordinate(x)},${coordinate(y)}h${coordinate(w)}v${ROW}h${coordinate(-w)}z`

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** @throws NormlabError naming `highlight`. */
function highlightOf({ plan, highlight = null }: GridOptions): number | null {
  if (highlight === null) return null
  const cells = plan?.cells ?? 0
  if (!Number.isInteger(highlight) || highlight < 0 || highlight >= cells)
    throw new NormlabError(
      'highlight',
      show(highlight),
      cells ? `Give a cell from 0 to ${cells - 1}, or null` : 'Give a plan that has cells, or null',
    )
  return highlight
}

function check(panels: readonly GridPanel[], plan: Plan | undefined): void {
  if (!Array.isArray(panels))
    throw new NormlabError('panels', show(panels), 'Give a list of { label, data, shape }')
  for (const [i, panel] of panels.entries()) {
    const fits =
      typeof panel?.label === 'string' &&
      Array.isArray(panel.shape) &&
      panel.shape.every((n: number) => Number.isInteger(n) && n >= 0) &&
      panel.data?.length === size(panel.shape)
    if (!fits)
      throw new NormlabError(
        `panels[${i}]`,
        show(panel),
        'Give { label, data, shape } with as many numbers as the shape holds',
      )
    if (panel.data.length > MOST)
      throw new NormlabError(
        `panels[${i}]`,
        `${panel.data.length} numbers`,
        `Give at most ${MOST}: more are not read`,
      )
    if (String(panel.shape) !== String(panels[0].shape))
      throw new NormlabError(
        `panels[${i}].shape`,
        show(panel.shape),
        `Give the first panel's shape, ${show(panels[0].shape)}`,
      )
  }
  if (plan && panels.length && String(plan.shape) !== String(panels[0].shape))
    throw new NormlabError('plan.shape', show(plan.shape), `Give a plan over ${show(panels[0].shape)}`)
}
