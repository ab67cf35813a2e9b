/** A definition made whole, and held against itself. */
import { checkOptions, NormlabError, show } from './errors.ts'
import { parsePattern, type Pattern } from './pattern.ts'
import type { NormDefinition, NormRecord } from './variant.ts'

/** Patternless variants still name axes: statistics over nothing. */
export const POINTWISE = 'n s c -> n s c'

/** @throws NormlabError when the record contradicts itself. */
export function recordOf(definition: NormDefinition): NormRecord {
  checkOptions('definition', definition)
  if (typeof definition.name !== 'string')
    throw new NormlabError('name', show(definition.name), 'Give the name as in the paper')
  for (const field of ['params', 'options'] as const)
    if (definition[field] !== undefined) checkOptions(field, definition[field])
  const own = definition.apply !== undefined
  const running = definition.running !== undefined
  const record = {
    center: !own,
    scale: own ? ('none' as const) : ('std' as const),
    params: {},
    ...definition,
    options: {
      ...(!definition.options && !own && { epsilon: 1e-5 }),
      ...(running && { decay: 0.9 }),
      ...(running && !own && { variance: 'biased' }),
      ...definition.options,
    },
  }
  const { name, stats } = record
  const pattern = parsePattern(stats ?? POINTWISE)
  if (stats === null && !own)
    throw new NormlabError('stats', `${name} has neither cells nor apply`, 'Give one of them')
  if (record.running && !own && !record.running.split(' ').every((axis) => isKept(pattern, axis)))
    throw new NormlabError(
      'running',
      `${show(record.running)} is not kept by ${show(stats)}`,
      'Keep them along axes that the statistics keep',
    )
  return record
}

function isKept({ axes, keep }: Pattern, name: string): boolean {
  const whole = axes.find((axis) => axis.name === name)
  return keep.includes(name) || (whole !== undefined && whole.parts.every((part) => keep.includes(part)))
}
