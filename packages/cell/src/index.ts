/** What a cell may show besides console.log. The same file runs in the page's sandbox, under the recorder and under plain Node. */
import { NormlabError } from '@normlab/core'
import { host } from './current.ts'
import { inspect } from './text.ts'

export { chart, type Chart } from './chart.ts'
export type { ChartOptions } from './events.ts'
export { param, type ChoiceParam, type NumberParam } from './param.ts'
export { table, type TableOptions } from './table.ts'

/** Widths in px for which a figure is laid out: a page's column, and a phone's. */
const WIDE = 640
const NARROW = 288

/**
 * Shows a figure: the SVG string that a function of `@normlab/viz`, or your own, gives. Give `(width) => svg` where it can
 * be laid out for a width, and it is, for wide pages and for phones.
 * @throws NormlabError naming `svg`.
 */
export function show(svg: string | ((width: number) => string), caption?: string): void {
  const drawn = checked(typeof svg === 'function' ? svg(WIDE) : svg)
  const narrow = typeof svg === 'function' ? { narrow: checked(svg(NARROW)) } : {}
  host().emit({ type: 'figure', svg: drawn, ...narrow, ...(caption ? { caption } : {}) })
}

function checked(svg: string): string {
  if (typeof svg === 'string' && /^\s*<svg[\s>]/.test(svg)) return svg
  throw new NormlabError('svg', inspect(svg, 1).slice(0, 60), 'Give a string that begins with <svg')
}

/** How far a long cell has come. */
export function progress(done: number, of: number): void {
  host().emit({ type: 'progress', done, of })
}

/**
 * A claim of the page that the code proves: shown with a tick where it holds.
 * @throws Error with the claim's words where it does not; the cell ends there.
 */
export function assert(holds: boolean, claim: string): asserts holds {
  if (holds !== true) throw new Error(`This does not hold: ${claim}`)
  host().emit({ type: 'claim', text: claim })
}

/** True when a and b differ by at most `within`, default 1e-6. */
export const near = (a: number, b: number, within = 1e-6): boolean => Math.abs(a - b) <= within

/**
 * Says how far the printed numbers may be off, relatively, on another machine: 0.02 is 2%. A cell that says nothing
 * prints the same to 1e-6 everywhere.
 * @throws NormlabError naming `relative`.
 */
export function tolerance(relative: number): void {
  if (!(relative > 0 && relative <= 0.5))
    throw new NormlabError('relative', inspect(relative, 1), 'Give a number above 0, at most 0.5')
  host().emit({ type: 'tolerance', relative })
}
