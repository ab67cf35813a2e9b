/** How high a cell will be, for browsers that lay it out when it comes near. */

interface Layout {
  /** Characters in a line of code, and of what stands under it. */
  readonly code: number
  readonly words: number
  readonly figure: 'cell-wide' | 'cell-narrow'
  /** Pixels of the bar of buttons, and parameters beside each other. */
  readonly bar: number
  readonly params: number
}

const layouts: Record<'wide' | 'narrow', Layout> = {
  wide: { code: 84, words: 100, figure: 'cell-wide', bar: 42, params: 3 },
  narrow: { code: 29, words: 38, figure: 'cell-narrow', bar: 72, params: 1 },
}

/** Long code shows 25rem of itself, and a box to see all. */
const FOLDED = 400 + 30

const lines = (text: string, columns: number): number =>
  text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0)

/**
 * Pixels, a little too many rather than too few: what then follows moves up when the cell is laid out, and is never covered.
 * @param long Whether the code is folded.
 * @param output The HTML under the cell.
 */
export function heightOf(
  { code, long, params, output }: { code: string; long: boolean; params: number; output: string },
  width: keyof typeof layouts,
): number {
  const layout = layouts[width]
  const plain = (html: string) => html.replaceAll(/<[^>]*>/g, '')
  const shown = long ? FOLDED : 36 + 24 + 24.5 * lines(code, layout.code)
  const controls = Math.ceil(params / layout.params) * 62
  let under = output ? 18 : 0
  for (const [, text] of output.matchAll(/<pre[^>]*>(.*?)<\/pre>/gs))
    under += 6 + 20 * lines(plain(text!), layout.words - 8)
  for (const [, text] of output.matchAll(/<(?:p|figcaption)[^>]*>(.*?)<\/(?:p|figcaption)>/gs))
    under += 6 + 22.5 * lines(plain(text!), layout.words - 12)
  under += 30 * output.split('<tr>').slice(1).length + 30 * output.split('<caption>').slice(1).length
  for (const [figure] of output.matchAll(/<figure class="cell-figure">.*?<\/figure>/gs)) {
    const part = figure.split(layout.figure)[1] ?? figure
    under += 16 + Number(/<svg[^>]* height="([\d.]+)"/.exec(part)?.[1] ?? 0)
  }
  return Math.ceil(shown + 8 + layout.bar + controls + under)
}
