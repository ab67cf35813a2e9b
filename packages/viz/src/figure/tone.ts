/** Without and with normalization: one fixed pair, told apart by colour, texture and words. */
import { token } from '../tokens.ts'
import { line, tag } from './svg.ts'

export type Tone = 'without' | 'with'

export const toneColor = (tone: Tone | undefined): string => token(tone ?? 'muted')

export const toneName = (tone: Tone): string => `${tone} normalization`

/** `without` is filled evenly, `with` is hatched. The pattern's id is `${id}-hatch`. */
export function toneDefs(id: string, tone: Tone | undefined): string {
  if (tone !== 'with') return ''
  return tag(
    'pattern',
    {
      id: `${id}-hatch`,
      width: '6',
      height: '6',
      patternUnits: 'userSpaceOnUse',
      patternTransform: 'rotate(45)',
    },
    tag('rect', { width: 6, height: 6, fill: token('with'), 'fill-opacity': '0.14' }) +
      line(0, 3, 6, 3, { stroke: token('with'), 'stroke-width': '1.6', 'stroke-opacity': '0.6' }),
  )
}

export function toneFill(id: string, tone: Tone | undefined): Record<string, string> {
  return tone === 'with' ? { fill: `url(#${id}-hatch)` } : { fill: toneColor(tone), 'fill-opacity': '0.3' }
}
