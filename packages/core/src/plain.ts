/** `norm` for records that are imported alone, and then count every byte. */
import { build } from './build.ts'
import { NormlabError } from './errors.ts'
import type { Norm } from './normTypes.ts'
import { recordOf } from './record.ts'
import { plain } from './run.ts'
import type { NormDefinition } from './variant.ts'

/** Fields whose code a plain norm leaves out. */
const NEEDS_MORE = ['apply', 'kernel', 'running', 'state', 'weights'] as const

export type PlainDefinition = NormDefinition & { readonly formula: string } & {
  readonly [K in (typeof NEEDS_MORE)[number]]?: never
}

/**
 * As `norm`, for a record of center, scale and params alone: an import of it is half as large. It brings the kernels of
 * contiguous cells; the others are there wherever any other norm is.
 * @throws NormlabError when the record contradicts itself, or needs more.
 */
/* @__NO_SIDE_EFFECTS__ */
export function plainNorm<const R extends PlainDefinition>(definition: R): Norm<R> {
  const record = recordOf(definition)
  for (const field of NEEDS_MORE)
    if (record[field] !== undefined)
      throw new NormlabError(field, `${record.name} is no plain norm`, "Import norm from '../norm.ts'")
  return build(record, plain) as unknown as Norm<R>
}
