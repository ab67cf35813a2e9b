/** A table of samples by features, and the direction in which one index runs: down a feature, or along a sample. */
import { momentsOf, NormlabError, varianceOf } from '@normlab/core'
import { number } from '../figure/format.ts'
import { BODY, checkedWidth, choice, frame, SMALL, type FrameOptions } from '../figure/frame.ts'
import { show } from '../figure/show.ts'
import { line, tag, text } from '../figure/svg.ts'
import { BOLD, fit, textWidth } from '../figure/text.ts'
import { axisColor, token } from '../tokens.ts'

export interface LabelledTable {
  /** One label a row, and one a column. */
  readonly samples: readonly string[]
  readonly features: readonly string[]
  /** Row by row. */
  readonly values: ArrayLike<number>
}

export interface RunningIndexOptions extends FrameOptions {
  /** Over what the index runs: down the samples of one feature (BatchNorm), or along the features of one sample (LayerNorm). */
  over?: 'samples' | 'features'
  /** The row or column that is set off. Default 0. */
  at?: number
  /** The index. Default `i`. */
  index?: string
}

const ROW = 36
const PAD = 12
const MOST = 12

/**
 * One row or column is set off and numbered by the index; each has its mean and standard deviation at its end.
 * @throws NormlabError naming `table`, `over`, `at` or `width`.
 */
export function runningIndex(table: LabelledTable, options: RunningIndexOptions = {}): string {
  const { over = 'samples', at = 0, index = 'i' } = options
  const width = checkedWidth(options.width)
  choice('over', options.over, ['samples', 'features'])
  const { samples, features, values } = checked(table)
  const down = over === 'samples'
  const cells = down ? features : samples
  const members = down ? samples : features
  if (!Number.isInteger(at) || at < 0 || at >= cells.length)
    throw new NormlabError('at', show(at), `Give a whole number from 0 to ${cells.length - 1}`)
  const value = (row: number, column: number): number => values[row * features.length + column]
  const array = { data: Float64Array.from(values), shape: [samples.length, features.length] }
  const moments = momentsOf(array, down ? 'n c -> c' : 'n c -> n')
  const variances = varianceOf(moments)
  const said = cells.map((_, c) => [`mean ${short(moments.mean[c])}`, `sd ${short(Math.sqrt(variances[c]))}`])
  const color = axisColor(down ? 'n' : 'c')
  const top = options.title ? 40 : 12
  const left = PAD + Math.min(90, Math.max(...samples.map((word) => textWidth(word, BODY * BOLD)))) + 12
  const aside = down ? 0 : 82
  const step = Math.max(4, Math.min(92, (width - left - PAD - aside) / features.length))
  const y0 = top + 24
  const place = (row: number, column: number): [number, number] => [left + column * step, y0 + row * ROW]
  const [right, bottom] = place(samples.length, features.length)
  const height = bottom + (down ? 46 : 14)
  const chosen = said[at]
  return frame({
    id: options.id,
    width,
    height,
    title: options.title ?? `The index ${index} runs over the ${over}`,
    description: `${samples.length} samples by ${features.length} features. ${index} runs from 1 to ${members.length} over the ${over}${down ? ` of feature ${cells[at]}` : ` of sample ${cells[at]}`}: ${chosen.join(', ')}.`,
    body: () => {
      let markup = options.title
        ? text(PAD, 24, fit(options.title, 14.5 * BOLD, width - 2 * PAD), {
            'font-size': '14.5',
            'font-weight': '600',
          })
        : ''
      const [x1, y1] = down ? place(0, at) : place(at, 0)
      const box = down ? { width: step, height: bottom - y0 } : { width: right - left, height: ROW }
      markup += tag('rect', { x: x1, y: y1, ...box, fill: token('highlight') })
      for (const [c, word] of features.entries())
        markup += text(left + (c + 0.5) * step, y0 - 8, fit(word, BODY * BOLD, step - 4), {
          'text-anchor': 'middle',
          'font-weight': '600',
          fill: axisColor('c'),
        })
      for (const [r, word] of samples.entries()) {
        markup += text(PAD, y0 + r * ROW + 24, fit(word, BODY * BOLD, left - PAD - 8), {
          'font-weight': '600',
          fill: axisColor('n'),
        })
        for (const c of features.keys()) {
          const [x, y] = place(r, c)
          markup += tag('rect', { x, y, width: step, height: ROW, fill: 'none', stroke: token('rule') })
          const member = (down ? c : r) === at ? (down ? r : c) + 1 : 0
          if (member)
            markup += text(x + 4, y + 13, step > 40 ? `${index} = ${member}` : String(member), {
              'font-size': String(SMALL - 1.5),
              'font-weight': '700',
            })
          markup += text(x + step - 6, y + 28, fit(short(value(r, c)), BODY, step - 8), {
            'text-anchor': 'end',
          })
        }
      }
      markup += tag('rect', { x: x1, y: y1, ...box, fill: 'none', stroke: color, 'stroke-width': '3' })
      for (const [c, words] of said.entries()) {
        const weight = c === at ? { 'font-weight': '700' } : { fill: token('muted') }
        const [x, y] = down ? [left + (c + 0.5) * step, bottom + 18] : [right + 8, y0 + c * ROW + 16]
        const brief =
          down && step < 66 ? words.map((word) => word.replace('mean ', 'm ').replace('sd ', 's ')) : words
        markup += brief
          .map((word, i) =>
            text(x, y + 14 * i, fit(word, SMALL * BOLD, down ? step : 90), {
              'font-size': String(SMALL),
              'text-anchor': down ? 'middle' : 'start',
              ...weight,
            }),
          )
          .join('')
      }
      return markup + (down ? line(left, bottom + 4, right, bottom + 4, { stroke: token('rule') }) : '')
    },
  })
}

/** Three digits, and no zeros that say nothing. */
const short = (value: number): string =>
  number(value)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')

function checked(table: LabelledTable): LabelledTable {
  const words = (list: unknown): boolean =>
    Array.isArray(list) &&
    list.length > 0 &&
    list.length <= MOST &&
    list.every((word) => typeof word === 'string')
  if (
    !words(table?.samples) ||
    !words(table?.features) ||
    table.values?.length !== table.samples.length * table.features.length
  )
    throw new NormlabError(
      'table',
      show(table),
      `Give { samples, features, values } with 1 to ${MOST} labels each, and a value for each pair`,
    )
  return table
}
