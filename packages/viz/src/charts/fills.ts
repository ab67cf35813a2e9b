/** Three fills that differ without colour too: empty, even, hatched. */
import { tag, type Attributes } from '../figure/svg.ts'
import { toneDefs, toneFill } from '../figure/tone.ts'
import { token } from '../tokens.ts'

/** `hatched` is what normalized values have in every figure. */
export type Fill = 'open' | 'solid' | 'hatched'
export const FILLS: readonly Fill[] = ['open', 'solid', 'hatched']

/** Definitions that the fills of a figure refer to. */
export const fillDefs = (id: string): string => tag('defs', {}, toneDefs(id, 'with'))

export function fillOf(id: string, fill: Fill): Attributes {
  if (fill === 'hatched') return { ...toneFill(id, 'with'), stroke: token('with') }
  return {
    fill: token(fill === 'open' ? 'surface' : 'axis-n'),
    stroke: token(fill === 'open' ? 'ink' : 'axis-n'),
  }
}
