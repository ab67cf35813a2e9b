/** `norm` for records that are imported alone, and then count every byte. */
import type { About } from './about.ts'
import { build } from './build.ts'
import type { Norm } from './normTypes.ts'
import { plain } from './run.ts'
import type { NormRecord } from './variant.ts'

/** Fields whose code a plain norm leaves out. */
type NeedsMore = 'apply' | 'kernel' | 'running' | 'state' | 'weights'

/** A record that says everything itself: nothing is derived here, and nothing checked. */
export type PlainDefinition = Omit<NormRecord, NeedsMore> & { readonly stats: string } & Partial<About> & {
    readonly [K in NeedsMore]?: never
  }

/** A pattern of whole axes. */
type Whole<S extends string> = S extends `${string}(${string}` ? never : S

/**
 * As `norm`, for a record of center, scale and params alone: an import of it is half as large. It brings the kernels of
 * contiguous cells, and what reads patterns of whole axes; the rest is there wherever any other norm is. A test holds the
 * record against `recordOf`.
 */
/* @__NO_SIDE_EFFECTS__ */
export function plainNorm<const R extends PlainDefinition>(
  definition: R & { readonly stats: Whole<R['stats']> },
): Norm<R> {
  return build(definition, plain) as unknown as Norm<R>
}
