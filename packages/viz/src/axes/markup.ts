/** The pattern string with each name in its axis's colour. */
import { parsePattern } from '@normlab/core'
import { escape, tag } from '../figure/svg.ts'
import { axisClass, axisColor } from '../tokens.ts'

/**
 * Markup of a pattern: `<span>`s for HTML, coloured by `tokens.css`, or `<tspan>`s for SVG, coloured by themselves.
 * @throws NormlabError (argument `pattern`) when it does not parse.
 */
export function patternMarkup(pattern: string, kind: 'html' | 'svg' = 'html'): string {
  const axisOf = new Map<string, string>()
  for (const axis of parsePattern(pattern).axes) {
    axisOf.set(axis.name, axis.name)
    for (const part of axis.parts) axisOf.set(part, axis.name)
  }
  const body = pattern
    .trim()
    .split(/([A-Za-z][A-Za-z0-9]*|->)/)
    .map((piece) => {
      if (piece === '->') return '→'
      const axis = axisOf.get(piece)
      if (axis === undefined) return escape(piece)
      return kind === 'html'
        ? tag('span', { class: axisClass(piece, axis) }, escape(piece))
        : tag('tspan', { fill: axisColor(piece, axis), 'font-weight': '600' }, escape(piece))
    })
    .join('')
  return kind === 'html' ? tag('code', { class: 'normlab-pattern' }, body) : body
}

/** Names in their colours, for a text element: `names(['n', 'g'])` is `n, g`. */
export function names(list: readonly { name: string; axis: string }[]): string {
  return list
    .map(({ name, axis }) =>
      tag('tspan', { fill: axisColor(name, axis), 'font-weight': '600' }, escape(name)),
    )
    .join(', ')
}
